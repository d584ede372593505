using System.Text.Json.Nodes;
using Semblance.Laboratory.Checking;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Tests.Checking;

public sealed class CaseCheckerTests
{
    [Theory]
    [InlineData(ScalarType.Float64, "float64")]
    [InlineData(ScalarType.Float32, "float32")]
    public void ACaseThatHoldsPassesWithItsErrors(ScalarType dtype, string written)
    {
        using SmallCase small = new();

        CaseOutcome outcome = CaseChecker.Check(small.Write(), dtype);

        Assert.True(outcome.Result == CaseResult.Pass, outcome.Problem);
        Assert.Equal(("softmax", "linear__small", written), (outcome.Loss, outcome.Case, outcome.Dtype));
        Assert.Equal(Math.Log(2), outcome.ExpectedLoss!.Value, 1e-12);
        Assert.InRange(outcome.LossError!.Value, 0, 1e-6);
        Assert.Equal(["grad_embeddings", "grad_weights", "grad_bias"], outcome.Gradients.Select(g => g.Name));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 2e-9)]
    [InlineData(ScalarType.Float32, 2e-5)]
    public void ALossBeyondItsToleranceFails(ScalarType dtype, double shift)
    {
        using SmallCase small = new();
        small.Json["expected"]!["loss"] = Math.Log(2) + shift;

        CaseOutcome outcome = CaseChecker.Check(small.Write(), dtype);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.StartsWith("the loss is 0.693147", outcome.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void AGradientBeyondItsToleranceFails(ScalarType dtype, double shift)
    {
        using SmallCase small = new();
        small.Json["expected"]!["grad_bias"] = new JsonArray(-0.5, 0.5 + shift);

        CaseOutcome outcome = CaseChecker.Check(small.Write(), dtype);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.StartsWith("grad_bias is off", outcome.Problem, StringComparison.Ordinal);
        Assert.Equal([true, true, false], outcome.Gradients.Select(g => g.Passed));
    }

    [Fact]
    public void AGradientThatIsZeroMustBeZeroNotAlmost()
    {
        using SmallCase small = new();
        // A weight's gradient is the sum of the embeddings, each times its slope: 1e-9/2 here, far within every tolerance.
        small.Json["embeddings"] = JsonNode.Parse("[[1e-9, 0], [0, 0]]");

        CaseOutcome outcome = CaseChecker.Check(small.Write(), ScalarType.Float32);

        Assert.Equal("grad_weights", Assert.Single(outcome.Gradients, g => !g.Passed).Name);
    }

    [Fact]
    public void ALossThatIsNoNumberFails()
    {
        using SmallCase small = new();
        small.Json["bias"] = JsonNode.Parse("[null, null]");

        Assert.Equal(CaseResult.Fail, CaseChecker.Check(small.Write(), ScalarType.Float64).Result);
    }

    [Fact]
    public void AnInputThatHasNoPlaceFails()
    {
        using SmallCase small = new();
        small.Json["scale"] = new JsonArray(2.0);

        CaseOutcome outcome = CaseChecker.Check(small.Write(), ScalarType.Float64);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.Contains("'scale'", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientThatHasNoParameterFails()
    {
        using SmallCase small = new();
        small.Json["expected"]!["grad_beta"] = new JsonArray(1.0);

        CaseOutcome outcome = CaseChecker.Check(small.Write(), ScalarType.Float64);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.Contains("grad_beta", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOfAnotherSizeAreNamed()
    {
        using SmallCase small = new();
        small.Json["weights"] = JsonNode.Parse("[[1, 0, 0], [0, 1, 0]]");

        Assert.Contains("weights", CaseChecker.Check(small.Write(), ScalarType.Float64).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownLossFailsWithTheNearestKnownOne()
    {
        using SmallCase small = new();
        small.Json["loss"] = "arcfase";

        CaseOutcome outcome = CaseChecker.Check(small.Write(), ScalarType.Float64);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.Contains("'arcface'", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AMetricThatWeDoNotComputeIsNotCheckedRatherThanPassed()
    {
        using SmallCase small = new();
        small.Json.Remove("loss");
        small.Json["metric"] = "beauty";

        CaseOutcome outcome = CaseChecker.Check(small.Write(), ScalarType.Float32);

        Assert.Equal(CaseResult.Unchecked, outcome.Result);
        Assert.Contains("'beauty'", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsAndTuplesMustBeEqual()
    {
        using SmallCase small = new();
        foreach (string field in new[] { "loss", "weights", "bias", "classes" })
        {
            small.Json.Remove(field);
        }

        small.Json["miner"] = "batch_hard";
        small.Json["hyperparameters"] = JsonNode.Parse("""{"distance": "euclidean", "normalize_embeddings": false}""");
        small.Json["batch"] = 3;
        small.Json["embeddings"] = JsonNode.Parse("[[0, 0], [1, 0], [3, 0]]");
        small.Json["labels"] = JsonNode.Parse("[5, 5, 6]");
        small.Json["expected"] = JsonNode.Parse("""{"triplets": [[1, 0, 2], [0, 1, 2]]}""");
        Assert.Equal(CaseResult.Pass, CaseChecker.Check(small.Write(), ScalarType.Float32).Result);

        small.Json["expected"] = JsonNode.Parse("""{"triplets": [[0, 1, 2]]}""");
        Assert.Equal(CaseResult.Fail, CaseChecker.Check(small.Write(), ScalarType.Float32).Result);
    }

    [Fact]
    public void AnAlternativeDefinitionThatFailsFailsTheCase()
    {
        string path = Path.Combine(GoldenFoldersShared(), "arcface", "insightface_torch_straight_through__default.json");
        using SmallCase copy = new();
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["alternatives"]![0]!["loss"] = 1.0;
        File.WriteAllText(copy.File, json.ToJsonString());

        CaseOutcome outcome = CaseChecker.Check(copy.File, ScalarType.Float64);

        Assert.Equal(CaseResult.Fail, outcome.Result);
        Assert.Equal("insightface_torch_straight_through__default/true_gradient", Assert.Single(outcome.Alternatives).Case);
    }

    private static string GoldenFoldersShared()
    {
        Assert.SkipWhen(Golden.GoldenFolders.Shared is null, "No ../shared/golden beside the repository.");
        return Golden.GoldenFolders.Shared!;
    }
}
