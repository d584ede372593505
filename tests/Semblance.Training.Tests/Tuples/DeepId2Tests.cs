using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class DeepId2Tests
{
    private const string Fixed = "margin_rule=fixed margin=3";

    [Theory]
    [InlineData(Fixed)]
    [InlineData(Fixed + " pairs=different verification_weight=2")]
    [InlineData("pairs=same")]
    [InlineData("verification=cosine verification_weight=1")]
    [InlineData("verification=cosine pairs=same cosine_scale=4 cosine_shift=-1")]
    [InlineData(Fixed + " miner=consecutive-pairs bias=false")]
    public void GradientsEqualCentralDifferences(string parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 8, 4, 3);
        using Objective objective = Written.Objective("deepid2", parameters);
        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void IsIdentificationAndWeightedVerification()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 8, 4, 3);
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), 8, 4, Distance.Euclidean, false);
        long[] y = labels.data<long>().ToArray();
        (int I, int J)[] pairs = [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Range(i + 1, 7 - i).Select(j => (i, j)))];
        double both = pairs.Average(p => 0.5 * Math.Pow(y[p.I] == y[p.J] ? d[p.I][p.J] : Math.Max(0, 3 - d[p.I][p.J]), 2));
        double same = pairs.Where(p => y[p.I] == y[p.J]).Average(p => 0.5 * Math.Pow(d[p.I][p.J], 2));
        double different = pairs.Where(p => y[p.I] != y[p.J]).Average(p => 0.5 * Math.Pow(Math.Max(0, 3 - d[p.I][p.J]), 2));
        Check(Fixed, both);
        Check("pairs=same", same);
        Check(Fixed + " pairs=different", different);
        double[][] cosine = Naive.Matrix(Gradients.Of(embeddings), 8, 4, Distance.Cosine, true);
        Check("verification=cosine cosine_scale=3 cosine_shift=-0.5",
            pairs.Average(p => 0.5 * Math.Pow((y[p.I] == y[p.J] ? 1 : 0) - (1 / (1 + Math.Exp(-((3 * (1 - cosine[p.I][p.J])) - 0.5)))), 2)));

        void Check(string parameters, double verification)
        {
            using Objective objective = Written.Objective("deepid2", parameters);
            ObjectiveValue value = objective.Evaluate(embeddings, labels);
            Assert.Equal(verification, value.Figures["verification.loss"], 6);
            Assert.Equal(value.Figures["identification.loss"] + (0.05 * verification), value.Loss.to_type(ScalarType.Float64).item<double>(), 5);
        }
    }

    [Fact]
    public void MovesTheMarginToTheThresholdOfRecentPairs()
    {
        using DisposeScope scope = NewDisposeScope();
        using EstimatedMargin margin = new(pairs: 6);
        Assert.Null(margin.For(tensor(new[] { 1f }), zeros(0)));
        Assert.Null(margin.Value);
        // The first batch with both kinds gives the margin to begin with: between 2 and 3.
        Assert.Equal(2.5, margin.For(tensor(new[] { 2f }), tensor(new[] { 3f })));
        Assert.Equal(3, margin.Seen);
        Assert.Equal(2.5, margin.For(tensor(new[] { 5f }), tensor(new[] { 7f })));
        // Six pairs and more: positives 1, 2, 5, 4, negatives 3, 7, 8: one error between 5 and 7.
        Assert.Equal(2.5, margin.For(tensor(new[] { 4f }), tensor(new[] { 8f })));
        Assert.Equal(6, margin.Value);
        Assert.Equal(0, margin.Seen);
        margin.eval();
        Assert.Equal(6, margin.For(tensor(new[] { 40f }), tensor(new[] { 80f })));
        Assert.Equal(0, margin.Seen);
    }

    [Fact]
    public void KeepsTheMarginInACheckpoint()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 10, 4, 3, ScalarType.Float32);
        using Objective objective = Written.Objective("deepid2", "margin_pairs=50");
        objective.Evaluate(embeddings, labels);
        Dictionary<string, Tensor> state = objective.state_dict();
        Assert.True(state["verification.loss.margin.margin"].item<float>() > 0);
        Assert.Equal(45, state["verification.loss.margin.filled"].item<long>());
        objective.Evaluate(embeddings, labels);
        Assert.Equal(0, objective.state_dict()["verification.loss.margin.filled"].item<long>());
    }

    [Theory]
    [InlineData(new[] { 1f, 2, 3, 4 }, new[] { true, true, false, false }, 2.5)]
    [InlineData(new[] { 4f, 3, 2, 1 }, new[] { false, true, false, true }, 1.5)]
    [InlineData(new[] { 1f, 2, 3, 4 }, new[] { true, false, true, true }, 4.0)]
    [InlineData(new[] { 2f, 3 }, new[] { false, true }, 1.0)]
    [InlineData(new[] { 2f, 2, 2, 3 }, new[] { true, false, true, false }, 2.5)]
    [InlineData(new[] { 1f, 2 }, new[] { true, true }, null)]
    [InlineData(new float[0], new bool[0], null)]
    public void FindsTheThresholdOfFewestErrors(float[] distances, bool[] same, double? expected) => Assert.Equal(expected, VerificationThreshold.Of(distances, same));

    [Theory]
    [InlineData("margin_rule=fixed")]
    [InlineData("margin_rule=fixed margin=1 margin_pairs=9")]
    [InlineData("verification=cosine margin=1")]
    [InlineData("cosine_scale=2")]
    [InlineData("pairs=same margin=1")]
    public void RefusesWhatHasNoEffectOrIsMissing(string parameters) => Assert.Throws<UsageException>(() => Written.Objective("deepid2", parameters));

    [Fact]
    public void FollowsAScheduleOfTheWeight()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 6, 4, 2, ScalarType.Float32);
        using Objective objective = ObjectiveRegistry.Create(
            "deepid2",
            new Dictionary<string, object?>
            {
                ["verification_weight"] = new Dictionary<string, object?> { ["from"] = 0.0, ["to"] = 0.05, ["steps"] = 2 },
            },
            new ObjectiveContext(5, 4, 1));
        Assert.Equal([0, 0.025, 0.05], Enumerable.Range(0, 3).Select(_ => objective.Evaluate(embeddings, labels).Figures["verification.weight"]));
    }
}
