using System.Diagnostics;

namespace Semblance.Cli.Tests;

/// <summary>A file system in memory that is soon full. Needs root on Linux; tests are skipped elsewhere.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount(string path, string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "a small disk can be mounted as root on Linux only");
        Directory.CreateDirectory(path);
        Assert.SkipUnless(Succeeds("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "this machine does not let root mount a tmpfs");
        return new SmallDisk(path);
    }

    public void Dispose() => Succeeds("umount", "-l", _path);

    private static bool Succeeds(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true };
        using Process? process = Process.Start(start);
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }
}
