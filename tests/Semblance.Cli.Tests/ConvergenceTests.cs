using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>A run that does not converge, from the command line.</summary>
public sealed class ConvergenceTests(SmallWorld world) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void TrainSaysOnStandardErrorAndInItsReportWhyItDoesNotConverge()
    {
        ToolResult result = ToolProcess.Run(
            "train", "--data", world.People, "--out", _folder["run"], "--loss", "normface", "--set", "stages.0.loss_parameters.scale=1", "--epochs", "1",
            "--batch", "16", "--input-size", "64", "--embedding-size", "32");

        Assert.Equal(0, result.ExitCode);
        string warning = Assert.Single(result.Error.Split('\n'), line => line.StartsWith("warning: epoch 1, step 10: with scale 1", StringComparison.Ordinal));
        string message = warning[(warning.IndexOf("with scale", StringComparison.Ordinal))..].TrimEnd();
        Assert.Matches($"(?m)^report +{System.Text.RegularExpressions.Regex.Escape(_folder["run", "report.html"])}$", result.Output.ReplaceLineEndings("\n"));
        Assert.Contains(System.Net.WebUtility.HtmlEncode(message), File.ReadAllText(_folder["run", "report.html"]), StringComparison.Ordinal);

        JsonElement report = ToolProcess.Run("report", "--run", _folder["run"], "--out", _folder["page.html"], "--json").Json();
        Assert.Equal("scale-too-small", Assert.Single(report.GetProperty("warnings").EnumerateArray()).GetProperty("condition").GetString());
        Assert.True(File.Exists(_folder["page.html"]));
    }

    [Fact]
    public void ReportOfAFolderThatHoldsNoRunIsRefused() => ToolProcess.Run("report", "--run", world.People).FailsWith(1, world.People, "config.yaml");

    [Theory]
    [InlineData("10", "--auto-warm-up", "auto_warm_up: 2.5")]
    [InlineData("10", "--auto-warm-up=3", "auto_warm_up: 3")]
    [InlineData("10", "--epochs=8", "auto_warm_up: 0")]
    public void AutoWarmUpTakesAQuarterOfTheStageOrTheEpochsGiven(string epochs, string option, string line)
    {
        string[] arguments = ["train", "--out", _folder["none"], "--loss", "arcface", "--set", $"stages.0.epochs={epochs}", option, "--print-config"];
        Assert.Contains(line + "\n", ToolProcess.Run(arguments).Output.ReplaceLineEndings("\n") + "\n", StringComparison.Ordinal);
    }

    [Fact]
    public void AutoWarmUpOfALossWithoutAMarginIsRefused() =>
        ToolProcess.Run("train", "--data", world.People, "--out", _folder["none"], "--loss", "softmax", "--auto-warm-up").FailsWith(2, "--auto-warm-up", "softmax");

    public void Dispose() => _folder.Dispose();
}
