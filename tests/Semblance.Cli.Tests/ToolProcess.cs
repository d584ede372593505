using System.Diagnostics;
using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>Runs the real executable, as a shell would.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>The built tool beside the tests.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "Semblance.Cli.dll");

    /// <summary>Runs one command line to its end.</summary>
    public static ToolResult Run(params string[] arguments) => Run(arguments, []);

    /// <summary>Runs one command line to its end, with environment variables of its own.</summary>
    public static ToolResult Run(string[] arguments, (string Name, string Value)[] environment)
    {
        using Process process = Start(arguments, environment);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            throw new TimeoutException($"semblance {string.Join(' ', arguments)} ran for over {Limit}; standard error: {error.Result}");
        }

        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts one command line.</summary>
    public static Process Start(params string[] arguments) => Start(arguments, []);

    /// <summary>Starts one command line, with environment variables of its own.</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        // By its path: the process may be given another PATH.
        var start = new ProcessStartInfo(DotNet())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Executable);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Other tests run beside this one: threads of one operation would wait for each other at every barrier while others hold the cores.
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string DotNet()
    {
        string file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) ?? file;
    }

    /// <summary>What Ctrl-C sends, or SIGTERM, which stops in the same way, where these tests run in a shell's background and their children are deaf to Ctrl-C; on Windows nothing can send either to another process.</summary>
    public static void Interrupt(Process process)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process cannot be interrupted from outside on Windows");
        using Process kill = Process.Start("kill", [IgnoresInterrupts() ? "-TERM" : "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        const long Interrupt = 1 << 1;
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (long.Parse(line.AsSpan(Ignored.Length), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) & Interrupt) != 0;
    }
}

/// <summary>What a run of the tool left.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON document of standard output, after a run that succeeded.</summary>
    public JsonElement Json()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}; standard error: {Error}");
        return Document();
    }

    /// <summary>The one JSON document of standard output.</summary>
    public JsonElement Document() => JsonDocument.Parse(Output).RootElement;

    /// <summary>Asserts a failure told in one line.</summary>
    /// <param name="exitCode">1 or 2.</param>
    /// <param name="parts">What the line has to name.</param>
    public void FailsWith(int exitCode, params string[] parts)
    {
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, {exitCode} expected; standard error: {Error}");
        string line = Assert.Single(lines, text => text.StartsWith("semblance: ", StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected:", line, StringComparison.Ordinal);
        Assert.DoesNotContain(lines, text => text.StartsWith("   at ", StringComparison.Ordinal));
        foreach (string part in parts)
        {
            Assert.Contains(part, line, StringComparison.OrdinalIgnoreCase);
        }
    }
}
