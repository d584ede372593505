using System.Globalization;

namespace Semblance.Training.Loop;

/// <summary>The run's log in words: one line an event, with the time in UTC.</summary>
internal sealed class RunLog(string path) : IDisposable
{
    private readonly StreamWriter _writer = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };

    public void Write(string message) =>
        _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {message}"));

    public void Dispose() => _writer.Dispose();
}
