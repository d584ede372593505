using System.Diagnostics;
using System.Globalization;
using Garnet;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>This test program as another process: a server or a writer that can be killed at any moment.</summary>
internal sealed class OtherProcess : IDisposable
{
    public const string Serve = "serve", Enrol = "enrol";

    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    public static OtherProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts the process with further environment variables.</summary>
    public static OtherProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(OtherProcess).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new OtherProcess(Process.Start(start)!);
    }

    /// <summary>A server with a log, ready for connections.</summary>
    public static OtherProcess StartServer(int port, string folder)
    {
        OtherProcess server = Start(Serve, port.ToString(CultureInfo.InvariantCulture), folder);
        server.WaitFor("ready");
        return server;
    }

    /// <summary>Reads up to a line that begins with a word.</summary>
    public string WaitFor(string word)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The process ended without saying '{word}'.");
    }

    /// <summary>Has the system stop the process where it is, or go on: a server that hangs.</summary>
    public void Hang(bool hang)
    {
        using Process kill = Process.Start("kill", [hang ? "-STOP" : "-CONT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Ends the process as a power cut would, and gives what it had still said.</summary>
    public string[] Kill()
    {
        _process.Kill();
        string[] rest = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _process.WaitForExit();
        return rest;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    public static int RunServer(int port, string folder)
    {
        using var server = new GarnetServer(GarnetHost.Arguments(port, folder, ["--enable-vector-set-preview", "--aof", "--recover"]));
        server.Start();
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>Enrols batch after batch, a subject each, and says which are acknowledged.</summary>
    public static int RunEnrolment(string location, int batch)
    {
        using RedisGallery gallery = RedisGallery.Open(location, Faces.Model);
        for (int b = 0; ; b++)
        {
            gallery.Enrol([.. Enumerable.Range(0, batch).Select(i => Faces.New($"p{b}-{i % 7}", (b * batch) + i))]);
            Console.WriteLine($"enrolled {b}");
        }
    }
}
