using System.Diagnostics;
using System.Globalization;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>The system's own redis-server as a process, where there is one.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly string _program;
    private Process? _process;

    private RedisProcess(string program)
    {
        (_program, Port, Folder) = (program, GarnetHost.FreePort(), Directory.CreateTempSubdirectory("semblance-redis-").FullName);
        Start();
    }

    public int Port { get; }

    public string Folder { get; }

    /// <summary>Starts a server that logs every change; skips the test where the system has none.</summary>
    public static RedisProcess StartOrSkip()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "There is no redis-server on the path.");
        return new RedisProcess(program!);
    }

    public string Location(string gallery) => $"redis://127.0.0.1:{Port}/{gallery}";

    /// <summary>Starts the server, again on the same port and folder.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo(_program) { RedirectStandardOutput = true };
        foreach (string argument in (string[])
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "3600 1", "--rdbcompression", "no",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
        {
            // The server's banner.
        }

        _process.StandardOutput.Close();
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }
}
