using System.Diagnostics;

namespace Semblance.Cli.Tests;

/// <summary>Kills a real training process with SIGKILL, again and again, and looks at what the resumed run ends in.</summary>
public sealed class KilledTrainingTests(SmallWorld world)
{
    private const int Kills = 20;

    [Fact]
    public void A_run_killed_twenty_times_at_random_moments_ends_in_the_same_bits_as_one_never_killed()
    {
        using var folder = new TemporaryFolder();
        string unbroken = folder["unbroken"];
        var clock = Stopwatch.StartNew();
        ToolProcess.Run(Arguments(unbroken)).Json();
        double seconds = clock.Elapsed.TotalSeconds;

        // Moments are drawn over the whole life of a process: start-up, preparation, steps, checkpoints, the end.
        var random = new Random(20);
        int kills = 0;
        for (int attempt = 0; kills < Kills; attempt++)
        {
            Assert.True(attempt < 20, $"only {kills} kills in {attempt} runs: the process ends before it can be killed");
            string broken = folder[$"broken{attempt}"];
            clock.Restart();
            while (KillWithin(Arguments(broken), random.NextDouble() * seconds))
            {
                kills++;
                clock.Restart();
            }

            // The first run may have shared the machine with other tests; later ones then end sooner.
            seconds = Math.Min(seconds, clock.Elapsed.TotalSeconds);

            foreach (string file in new[] { "model.safetensors", "checkpoints/last.safetensors" })
            {
                Assert.True(
                    File.ReadAllBytes(Path.Combine(unbroken, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(broken, file))),
                    $"{file} differs after {kills} kills");
            }
        }
    }

    private string[] Arguments(string run) =>
    [
        "train", "--data", world.People, "--out", run, "--resume", "--backbone", "smallresnet", "--loss", "arcface", "--epochs", "6", "--batch", "16",
        "--input-size", "64", "--embedding-size", "64", "--seed", "3", "--set", "checkpoint_every_steps=4", "--set", "ema=0.9", "--set", "dropout=0.1", "--json",
    ];

    /// <summary>Runs the tool and kills it after some seconds.</summary>
    /// <returns>True where it was killed, false where it had ended in success before.</returns>
    private static bool KillWithin(string[] arguments, double seconds)
    {
        using Process process = ToolProcess.Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            // On Unix this is SIGKILL: no handler runs, no buffer is flushed.
            process.Kill();
            process.WaitForExit();
            return true;
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}; standard error: {error.Result}; standard output: {output.Result}");
        return false;
    }
}
