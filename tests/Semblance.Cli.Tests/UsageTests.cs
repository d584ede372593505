namespace Semblance.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public void AnUnknownCommandIsAnsweredWithTheNearest() => ToolProcess.Run("trian").FailsWith(2, "'trian'", "'train'");

    [Fact]
    public void AnUnknownSubcommandIsAnsweredWithTheNearest() => ToolProcess.Run("data", "inspekt").FailsWith(2, "data", "'inspekt'", "'inspect'");

    [Fact]
    public void AnUnknownOptionIsAnsweredWithTheNearest() =>
        ToolProcess.Run("train", "--data", "x", "--out", "y", "--epoch", "3").FailsWith(2, "train", "'--epoch'", "'--epochs'");

    [Fact]
    public void AMissingRequiredOptionIsNamed() => ToolProcess.Run("train", "--data", "x").FailsWith(2, "--out RUN", "required");

    [Fact]
    public void TrainingWithoutFacesIsRefusedBeforeAnythingIsMade()
    {
        string run = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        ToolProcess.Run("train", "--out", run).FailsWith(2, "--data");

        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void OptionsOfPhotographsThatContradictEachOtherAreNamed()
    {
        ToolProcess.Run("evaluate", "--model", "m.onnx", "--data", "x", "--pairs", "p.txt", "--flip", "--no-flip").FailsWith(2, "--flip", "--no-flip");
        ToolProcess.Run("align", "--in", "x", "--out", "y", "--detector", "d.onnx", "--faces", "some").FailsWith(2, "--faces", "'some'", "main");
    }

    [Fact]
    public void AMissingArgumentIsNamed() => ToolProcess.Run("verify", "--model", "m.onnx", "a.jpg").FailsWith(2, "B is missing");

    [Fact]
    public void AnOptionWithoutItsValueIsNamed() => ToolProcess.Run("data", "synth", "--out").FailsWith(2, "--out");

    [Fact]
    public void AValueOfAnotherTypeIsNamedWithWhatWasExpected() =>
        ToolProcess.Run("data", "synth", "--out", "x", "--identities", "many", "--images-per-identity", "3").FailsWith(2, "--identities", "'many'", "whole number");

    [Fact]
    public void AGroupWithoutACommandListsWhatItHas() => ToolProcess.Run("gallery").FailsWith(2, "list", "remove", "export");

    [Fact]
    public void NothingAtAllShowsTheHelpOnStandardError()
    {
        ToolResult result = ToolProcess.Run();

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("Usage:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheVersionIsPrinted()
    {
        ToolResult result = ToolProcess.Run("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", result.Output);
    }

    [Fact]
    public void WithJsonAMistakeIsADocumentToo()
    {
        ToolResult result = ToolProcess.Run("train", "--data", "x", "--json");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(2, result.Document().GetProperty("exit_code").GetInt32());
        Assert.Contains("--out", result.Document().GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithJsonAFailureIsADocumentToo()
    {
        ToolResult result = ToolProcess.Run("data", "inspect", "/no/such/folder", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(1, result.Document().GetProperty("exit_code").GetInt32());
        Assert.Contains("/no/such/folder", result.Document().GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
