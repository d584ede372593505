namespace Semblance.Training.Tests.Weights;

/// <summary>A path in the temporary folder that is removed at the end of a test.</summary>
internal sealed class TemporaryFile(string extension) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"semblance-{Guid.NewGuid():N}{extension}");

    public void Dispose() => File.Delete(Path);
}
