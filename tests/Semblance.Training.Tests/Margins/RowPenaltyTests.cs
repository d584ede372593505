using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

/// <summary>Losses that make something else than cross-entropy of the logits, or bend all of them: P2SGrad, UniFace, the class-level circle.</summary>
public sealed class RowPenaltyTests
{
    public static TheoryData<string> All => ["p2sgrad", "uniface", "circle-class"];

    [Fact]
    public void P2SGradEqualsItsFormulaWrittenOut()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 5, 7);
        using MarginSoftmaxObjective objective = Create("p2sgrad", 7, 5);
        double expected = Naive(objective, embeddings, labels).Mean((y, others) => (((y - 1) * (y - 1)) + others.Sum(c => c * c)) / 2);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 10);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void UniFaceEqualsItsFormulaWrittenOut(double weight)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 5, 7);
        using MarginSoftmaxObjective objective = Create("uniface", 7, 5, ("negative_weight", weight), ("scale", 32));
        double b = Math.Log(70);
        Assert.Equal(b, ((UniFaceLogit)objective.Curve).Offset.item<double>(), 6);
        b = ((UniFaceLogit)objective.Curve).Offset.item<double>();
        double expected = Naive(objective, embeddings, labels).Mean((y, others) =>
            Math.Log(1 + Math.Exp(b - (32 * (y - 0.4)))) + (weight * others.Sum(c => Math.Log(1 + Math.Exp((32 * c) - b)))));
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
    }

    [Fact]
    public void CircleEqualsItsFormulaWrittenOut()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 5, 7);
        using MarginSoftmaxObjective objective = Create("circle-class", 7, 5, ("scale", 20));
        double expected = Naive(objective, embeddings, labels).CrossEntropy(
            y => 20 * Math.Max(1.25 - y, 0) * (y - 0.75), (_, c) => 20 * Math.Max(c + 0.25, 0) * (c - 0.25));
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 10);
    }

    [Theory]
    [InlineData("p2sgrad")]
    [InlineData("uniface")]
    [InlineData("circle-class")]
    public void GradientsEqualCentralDifferences(string name)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 5, 4, 6);
            using MarginSoftmaxObjective objective = name == "circle-class"
                ? Create(name, 6, 4, ("gradient", "true"), ("scale", 16))
                : name == "uniface" ? Create(name, 6, 4, ("scale", 16), ("negative_weight", 0.5)) : Create(name, 6, 4);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void TheCirclesPublishedGradientHoldsItsWeights()
    {
        using DisposeScope scope = NewDisposeScope();
        (double value, double slope) = MarginCases.At(new CircleClassLogit(), Math.Acos(0.3));
        Assert.Equal((1.25 - 0.3) * (0.3 - 0.75), value, 10);
        Assert.Equal(1.25 - 0.3, slope, 10);
        OtherBend others = new CircleClassLogit().BendOthers(new TargetColumn(zeros(1, ScalarType.Float64), ones(1, ScalarType.Float64)));
        Assert.Equal((1, 0.25), (others.SlopeLinear, others.SlopeConstant));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AreSoundAtTheEdges(string name)
    {
        MarginCases.AssertSound(name);
        MarginCases.AssertInvariant(() => Create(name, 3, 4), 9);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ReportTheirFigures(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 5, 7);
        using MarginSoftmaxObjective objective = Create(name, 7, 5);
        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        double[] own = Naive(objective, embeddings, labels).Own;
        Assert.Equal(own.Average(), value.Figures["target_cosine"], 9);
        Assert.Equal(own.Select(c => (float)(Math.Acos(c) * 180 / Math.PI)), value.TargetAngles!, (a, b) => Math.Abs(a - b) < 1e-3);
        double below = name switch { "p2sgrad" => 0, "uniface" => 0.4, _ => 0.75 };
        Assert.Equal(own.Count(c => c < below) / 8.0, value.Figures["beyond_margin"], 9);
    }

    private static Cosines Naive(MarginSoftmaxObjective objective, Tensor embeddings, Tensor labels) =>
        new(embeddings, ((DenseCentres)objective.Centres).Weight, labels);

    private static MarginSoftmaxObjective Create(string name, int classes, int dim, params (string Key, object? Value)[] parameters)
    {
        var objective = (MarginSoftmaxObjective)ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value), new ObjectiveContext(classes, dim, 1));
        objective.to(ScalarType.Float64);
        return objective;
    }
}
