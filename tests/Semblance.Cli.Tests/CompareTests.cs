using System.Diagnostics;
using System.Text.Json;

namespace Semblance.Cli.Tests;

public sealed class CompareTests(SmallWorld world)
{
    [Fact]
    public void TwoLossesWithTwoSeedsBecomeAPageAndFiguresAndAreKept()
    {
        using var folder = new TemporaryFolder();
        string[] command = Command(folder["out"], "softmax,cosface:scale=16:margin=0.2", epochs: 1);

        // Stopped in the middle, as by Ctrl-C: the first training has begun.
        using (Process process = ToolProcess.Start(command))
        {
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.True(SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(folder["out"], "runs")), TimeSpan.FromMinutes(2)), "no training was begun");
            ToolProcess.Interrupt(process);
            process.WaitForExit();
            Assert.Equal(1, process.ExitCode);
            Assert.Contains("runs are finished and kept", error.Result, StringComparison.Ordinal);
            Assert.Contains("\"error\"", output.Result, StringComparison.Ordinal);
        }

        JsonElement document = ToolProcess.Run(command).Json();

        JsonElement[] losses = [.. document.GetProperty("losses").EnumerateArray()];
        Assert.Equal(["cosface scale=16 margin=0.2", "softmax"], losses.Select(loss => loss.GetProperty("loss").GetString()).Order());
        Assert.All(losses, loss => Assert.Equal(2, loss.GetProperty("finished").GetInt32()));
        Assert.All(losses, loss => Assert.True(loss.GetProperty("seconds").GetDouble() > 0));
        Assert.Equal(["pairs", "folds", "seeds"], document.GetProperty("best_two").GetProperty("tests").EnumerateArray().Select(test => test.GetProperty("over").GetString()));
        Assert.Equal(4, document.GetProperty("runs").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(folder["out"], "index.html")));
        Assert.Equal(document.GetProperty("pairs").GetInt32(), JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["out"], "comparison.json"))).RootElement.GetProperty("pairs").GetInt32());

        // A training with libtorch holds some hundred megabytes.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "peak memory is the kernel's figure on Linux only");
        Assert.All(losses, loss => Assert.InRange(loss.GetProperty("peak_memory").GetInt64(), 50_000_000, 4_000_000_000));
    }

    [Fact]
    public void AnUnknownLossIsAnsweredWithTheNearest() => ToolProcess.Run(Command("unused", "softmax,cosfase", epochs: 1)).FailsWith(2, "cosfase", "cosface");

    [Fact]
    public void AnUnknownParameterIsAnsweredWithTheNearest() => ToolProcess.Run(Command("unused", "cosface:margn=1", epochs: 1)).FailsWith(2, "margn", "margin");

    [Fact]
    public void DataAreNeeded() => ToolProcess.Run("compare", "--losses", "softmax", "--out", "unused").FailsWith(2, "--data");

    private string[] Command(string folder, string losses, int epochs) =>
    [
        "compare", "--losses", losses, "--data", world.People, "--seeds", "2", "--out", folder, "--backbone", "smallresnet", "--epochs", $"{epochs}", "--batch", "32",
        "--input-size", "64", "--embedding-size", "32", "--lr", "0.05", "--json",
    ];
}
