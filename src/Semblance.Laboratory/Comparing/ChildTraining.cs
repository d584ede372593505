using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Semblance.Laboratory.Comparing;

/// <summary>
/// Trains in a process of its own, by the tool's command <c>train</c>: its memory is that of one training and nothing else, and no training inherits
/// a heap, caches or random state from the one before.
/// </summary>
public sealed partial class ChildTraining : IRunTraining
{
    private const int PollMilliseconds = 100;
    private const int UsageExit = 2;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;

    /// <summary>Names the tool.</summary>
    /// <param name="program">The executable.</param>
    /// <param name="arguments">What stands before the tool's own arguments.</param>
    public ChildTraining(string program, params IReadOnlyList<string> arguments) => (_program, _arguments) = (program, arguments);

    /// <summary>Runs the program that runs now once more.</summary>
    /// <exception cref="SemblanceException">The system does not tell what it is.</exception>
    public static ChildTraining OfThisProgram()
    {
        string program = Environment.ProcessPath ?? throw new SemblanceException("the path of this program is not known, so it cannot be started for a training.");
        bool hosted = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return hosted ? new ChildTraining(program, Environment.GetCommandLineArgs()[0]) : new ChildTraining(program);
    }

    /// <inheritdoc/>
    public TrainingAttempt Train(string config, string run, IProgress<string>? told, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using Process process = Start(config, run);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        bool heard = false;
        string last = "";
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
            {
                heard |= text.Contains("stopping in order", StringComparison.Ordinal);
                last = text;
                told?.Report(text);
            }
        };
        process.BeginErrorReadLine();
        long peak = 0;
        long stopping = 0;
        bool signalled = false;
        while (!process.WaitForExit(PollMilliseconds))
        {
            peak = Math.Max(peak, PeakOf(process));
            if (!cancellationToken.IsCancellationRequested)
            {
                continue;
            }

            // Ctrl-C on a terminal reaches the child as well, and a second signal would kill it: it is sent one only where it has heard none.
            stopping = stopping == 0 ? Stopwatch.GetTimestamp() : stopping;
            if (!heard && !signalled && Stopwatch.GetElapsedTime(stopping) > Patience)
            {
                signalled = true;
                End(process);
            }
        }

        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (process.ExitCode == 0)
        {
            return new TrainingAttempt(seconds, peak, null, Stopped: false);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return new TrainingAttempt(seconds, peak, null, Stopped: true);
        }

        string reason = Reason(output.GetAwaiter().GetResult()) ?? (last.Length > 0 ? last : $"its process ended with code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}");
        return process.ExitCode == UsageExit ? throw new UsageException(reason) : new TrainingAttempt(seconds, peak, reason, Stopped: false);
    }

    private Process Start(string config, string run)
    {
        string[] own = ["train", "--config", config, "--out", run, "--resume", "--json"];
        var start = new ProcessStartInfo(_program, [.. _arguments, .. own])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new SemblanceException($"{_program}: cannot be started for a training: {e.Message}", e);
        }
    }

    // The tool's own account of a failure: {"error": …}.
    private static string? Reason(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            return document.RootElement.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The kernel's own high-water mark: nothing between two looks at it is missed but what grows after the last.
    private static long PeakOf(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                process.Refresh();
                return process.PeakWorkingSet64;
            }

            string? line = File.ReadLines($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            // It has just ended.
            return 0;
        }
    }

    private static void End(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
        }
        else
        {
            _ = Signal(process.Id, Terminate);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
