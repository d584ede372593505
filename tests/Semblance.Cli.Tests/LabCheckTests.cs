using System.Text.Json;

namespace Semblance.Cli.Tests;

public sealed class LabCheckTests
{
    // Two samples at the origin: all logits are 0, the loss is ln 2.
    private const string Case = """
        {
          "loss": "softmax", "case": "linear__small", "hyperparameters": {}, "batch": 2, "dim": 2, "classes": 2,
          "embeddings": [[0, 0], [0, 0]], "labels": [0, 0], "weights": [[1, 0], [0, 1]],
          "expected": {"loss": LOSS, "grad_embeddings": [[-0.25, 0.25], [-0.25, 0.25]], "grad_weights": [[0, 0], [0, 0]]}
        }
        """;

    [Fact]
    public void CasesThatHoldExitWithZeroAndNameTheirErrors()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["good.json"], Case.Replace("LOSS", "0.693147180559945", StringComparison.Ordinal));

        ToolResult result = ToolProcess.Run("lab", "check", folder["good.json"]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("good.json", result.Output, StringComparison.Ordinal);
        Assert.Contains("weights 0.0e+0", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 passed, 0 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void OneCaseThatFailsExitsWithOneAndTheJsonSaysWhich()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.json"], Case.Replace("LOSS", "0.693147180559945", StringComparison.Ordinal));
        File.WriteAllText(folder["b.json"], Case.Replace("LOSS", "0.7", StringComparison.Ordinal));

        ToolResult result = ToolProcess.Run("lab", "check", folder.Path, "--dtype", "float64", "--json");

        Assert.Equal(1, result.ExitCode);
        JsonElement document = result.Document();
        Assert.Equal((1, 1), (document.GetProperty("passed").GetInt32(), document.GetProperty("failed").GetInt32()));
        JsonElement failed = document.GetProperty("cases")[1];
        Assert.EndsWith("b.json", failed.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal(("softmax", "float64", "fail"), (failed.GetProperty("loss").GetString(), failed.GetProperty("dtype").GetString(), failed.GetProperty("result").GetString()));
        Assert.Equal(0.7, failed.GetProperty("expected_loss").GetDouble());
        Assert.InRange(failed.GetProperty("loss_error").GetDouble(), 0.006, 0.007);
        Assert.Equal(0, failed.GetProperty("gradients").GetProperty("grad_weights").GetDouble());
    }

    [Fact]
    public void AWrongDtypeIsAMistakeOfUse() => ToolProcess.Run("lab", "check", "x", "--dtype", "float16").FailsWith(2, "--dtype", "float16", "float64");

    [Fact]
    public void APathIsNeeded() => ToolProcess.Run("lab", "check").FailsWith(2, "PATH");

    [Fact]
    public void APathThatDoesNotExistIsNamed() => ToolProcess.Run("lab", "check", "/no/such/folder").FailsWith(1, "/no/such/folder");
}
