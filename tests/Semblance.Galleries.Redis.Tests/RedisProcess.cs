using System.Diagnostics;
using System.Globalization;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>The system's own redis-server as a process, where there is one.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly Process _process;

    private RedisProcess(Process process, int port, string folder) => (_process, Port, Folder) = (process, port, folder);

    public int Port { get; }

    public string Folder { get; }

    /// <summary>Starts a server that logs every change; skips the test where the system has none.</summary>
    public static RedisProcess StartOrSkip()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "There is no redis-server on the path.");
        string folder = Directory.CreateTempSubdirectory("semblance-redis-").FullName;
        int port = GarnetHost.FreePort();
        var start = new ProcessStartInfo(program!) { RedirectStandardOutput = true };
        foreach (string argument in (string[])
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
        {
            // The server's banner.
        }

        process.StandardOutput.Close();
        return new RedisProcess(process, port, folder);
    }

    public string Location(string gallery) => $"redis://127.0.0.1:{Port}/{gallery}";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
