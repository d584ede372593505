using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class LSoftmaxLogitTests
{
    public static TheoryData<int> Margins => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Margins))]
    public void IsThePapersPiecewiseCosineAtEveryAngle(int m) =>
        Gen.Double[0, Math.PI].Sample(theta => Assert.Equal(Psi(m, theta), MarginCases.At(Fixed(m), theta).Value, 9));

    [Theory]
    [MemberData(nameof(Margins))]
    public void FallsAllTheWayFromOneToOneMinusTwiceTheMargin(int m)
    {
        double[] values = MarginCases.Sweep(Fixed(m));
        Assert.Equal(1, values[0], 12);
        Assert.Equal(1 - (2 * m), values[^1], 12);
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void EqualsTheFormulaWrittenOut(int m)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(m, 7, 5, 6);
        using MarginSoftmaxObjective objective = Create(m, FallingLambda.Constant(2), 6, 5);
        objective.to(ScalarType.Float64);
        double expected = MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels,
            (theta, _) => ((2 * Math.Cos(theta)) + Psi(m, theta)) / 3, normaliseEmbeddings: false, normaliseCentres: false, scale: 1);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 10);
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void GradientsEqualCentralDifferences(int m)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            using MarginSoftmaxObjective objective = Create(m, FallingLambda.Constant(seed % 2), seed == 1 ? 1 : 4, 2 + seed);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void IsSoftmaxWithoutABiasAtAMarginOfOne()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 6, 4, 5, ScalarType.Float32);
        using MarginSoftmaxObjective own = Create(1, LSoftmaxLogit.PublishedSchedule, 5, 4);
        using MarginSoftmaxObjective softmax = new("softmax", new SoftmaxLogit(), new DenseCentres(5, 4, 3), LogitScale.None);
        Assert.Equal(softmax.Evaluate(embeddings, labels).Loss.item<float>(), own.Evaluate(embeddings, labels).Loss.item<float>());
    }

    [Fact]
    public void LetsLambdaFallWithTrainingStepsOnlyAndHoldsThemAsABuffer()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 6, 4, 5, ScalarType.Float32);
        using MarginSoftmaxObjective objective = Create(4, new FallingLambda(100, 0.5, 2, 10), 5, 4);
        LSoftmaxLogit curve = (LSoftmaxLogit)objective.Curve;
        Assert.Equal(100, curve.Lambda);
        objective.train();
        objective.Evaluate(embeddings, labels);
        Assert.Equal(100 / 2.25, curve.Lambda, 12);
        objective.eval();
        objective.Evaluate(embeddings, labels);
        curve.Bend(new TargetColumn(ones(1), ones(1)));
        Assert.Equal(100 / 2.25, curve.Lambda, 12);
        objective.train();
        objective.Evaluate(embeddings, labels);
        objective.Evaluate(embeddings, labels);
        Assert.Equal(100 / 6.25, curve.Lambda, 12);
        Assert.Equal(3, objective.state_dict()["curve.steps"].item<long>());
        objective.Evaluate(embeddings, labels);
        objective.Evaluate(embeddings, labels);
        Assert.Equal(10, curve.Lambda);
    }

    [Fact]
    public void EasesFromTheCosineToTheFullCurve()
    {
        LSoftmaxLogit curve = Fixed(4);
        curve.Anneal(0);
        Assert.Equal(Math.Cos(2.5), MarginCases.At(curve, 2.5).Value, 12);
        curve.Anneal(0.25);
        Assert.Equal((0.75 * Math.Cos(2.5)) + (0.25 * Psi(4, 2.5)), MarginCases.At(curve, 2.5).Value, 12);
        curve.Anneal(1);
        Assert.Equal(Psi(4, 2.5), MarginCases.At(curve, 2.5).Value, 12);
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void IsFiniteAtTheEnds(int m) => MarginCases.AssertFiniteAtTheEnds(() => Fixed(m));

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("l-softmax", ("lambda_base", 0));

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() =>
        Gen.Long[1, 1000].Sample(seed => MarginCases.AssertInvariant(() => Create(3, FallingLambda.None, 3, 4), seed), iter: 10);

    [Theory]
    [InlineData("margin", 5, "a whole number from 1 to 4")]
    [InlineData("margin", 2.5, "a whole number from 1 to 4")]
    [InlineData("lambda_base", -1, "at least 0")]
    public void SaysWhatIsAllowed(string key, object value, string expected) =>
        Assert.Contains(expected, Refused((key, value)), StringComparison.Ordinal);

    [Fact]
    public void RefusesAScheduleThatHasNoEffect()
    {
        Assert.Contains("no effect with a margin of 1", Refused(("margin", 1), ("lambda_base", 5)), StringComparison.Ordinal);
        Assert.Contains("no effect with a lambda_base of 0", Refused(("lambda_base", 0), ("lambda_power", 1)), StringComparison.Ordinal);
    }

    /// <summary>(−1)^k cos(mθ) − 2k, k = ⌊mθ/π⌋.</summary>
    internal static double Psi(int m, double theta)
    {
        int k = Math.Min(m - 1, (int)Math.Floor(m * theta / Math.PI));
        return ((k % 2 == 0 ? 1 : -1) * Math.Cos(m * theta)) - (2 * k);
    }

    private static LSoftmaxLogit Fixed(int m) => new(m, FallingLambda.None);

    private static MarginSoftmaxObjective Create(int m, FallingLambda lambda, int classes, int dim) =>
        new("l-softmax", new LSoftmaxLogit(m, lambda), new DenseCentres(classes, dim, 3), LogitScale.None);

    private static string Refused(params (string Key, object? Value)[] parameters) => Assert.Throws<UsageException>(() =>
        ObjectiveRegistry.Create("l-softmax", parameters.ToDictionary(p => p.Key, p => p.Value), new ObjectiveContext(5, 4, 1))).Message;
}
