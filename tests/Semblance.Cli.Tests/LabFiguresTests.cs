using System.Text.Json.Nodes;

namespace Semblance.Cli.Tests;

/// <summary>The laboratory's figures from the command line: files, the numbers behind them, and one line for what is wrong.</summary>
public sealed class LabFiguresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CurvesWriteTheirFilesAndTheNumbersBehindThem()
    {
        ToolResult run = ToolProcess.Run("lab", "curves", "--losses", "softmax,arcface", "--svg", "--png", "--out", _folder["figures"], "--json");

        Assert.Equal(0, run.ExitCode);
        JsonArray figures = JsonNode.Parse(run.Output)!["figures"]!.AsArray();
        Assert.Equal(["target-logit", "target-slope", "loss-gradient"], figures.Select(figure => (string)figure!["name"]!));
        Assert.All(figures.SelectMany(figure => figure!["files"]!.AsArray()), file => Assert.True(File.Exists((string)file!)));
        JsonNode arcface = figures[0]!["numbers"]!["curves"]![1]!;
        Assert.Equal(Math.Cos((Math.PI / 3) + 0.5), (double)arcface["logit"]![120]!, 1e-9);
    }

    [Fact]
    public void AnUnknownLossIsAnsweredWithTheNearest() => ToolProcess.Run("lab", "curves", "--losses", "arcfase").FailsWith(2, "arcfase", "'arcface'");

    [Fact]
    public void ALossWithoutACurveIsRefused() => ToolProcess.Run("lab", "curves", "--losses", "triplet").FailsWith(2, "triplet", "curve");

    [Fact]
    public void EachTakesNoChoice() => ToolProcess.Run("lab", "curves", "--each", "--scaled").FailsWith(2, "--each");

    [Fact]
    public void ForcesAreDrawnLossByLoss()
    {
        ToolResult run = ToolProcess.Run("lab", "tuples", "--losses", "contrastive,ring-penalty", "--out", _folder["forces"]);

        Assert.Equal(0, run.ExitCode);
        Assert.True(File.Exists(Path.Combine(_folder["forces"], "contrastive.svg")));
        Assert.True(File.Exists(Path.Combine(_folder["forces"], "ring-penalty.svg")));
    }

    [Fact]
    public void ALossWithACurveIsSentToTheCurves() => ToolProcess.Run("lab", "tuples", "--losses", "arcface").FailsWith(2, "lab curves --losses arcface");

    [Fact]
    public void EachForceTakesNoChoice() => ToolProcess.Run("lab", "tuples", "--each", "--losses", "triplet").FailsWith(2, "--each");

    [Theory]
    [InlineData("--dims", "4,x", "'x'")]
    [InlineData("--dims", "2", "2")]
    [InlineData("--dim", "1000000", "4096")]
    [InlineData("--run", "somewhere", "--data")]
    public void SamplingRefusesWhatItCannotDraw(string option, string value, string said) =>
        ToolProcess.Run("lab", "sampling", option, value, "--out", _folder["figures"]).FailsWith(2, said);
}
