using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class MagFaceLogitTests
{
    [Theory]
    [InlineData(5, 0.45)]
    [InlineData(10, 0.45)]
    [InlineData(60, 0.625)]
    [InlineData(110, 0.8)]
    [InlineData(500, 0.8)]
    public void TakesAMarginThatGrowsWithTheNorm(double norm, double margin) =>
        Gen.Double[1e-3, Math.PI - 1e-3].Sample(theta =>
            Assert.Equal(Math.Cos(theta + margin), MarginCases.At(new MagFaceLogit(), theta, norm).Value, 9));

    [Fact]
    public void AddsThePenaltyOfTheNormsToTheLoss()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor drawn, Tensor labels) = Gradients.Batch(3, 7, 5, 6);
        Tensor embeddings = (drawn.detach() * linspace(1, 15, 7, ScalarType.Float64).unsqueeze(1)).requires_grad_();
        using MarginSoftmaxObjective objective = Create(new MagFaceLogit(), 6, 5);
        objective.to(ScalarType.Float64);
        double[] a = [.. Gradients.Of(embeddings.norm(1)).Select(n => Math.Clamp(n, 10, 110))];
        Assert.Contains(a, n => n == 10);
        Assert.Contains(a, n => n > 10);
        double penalty = a.Average(n => 35 * ((n / (110.0 * 110)) + (1 / n)));
        double expected = penalty + MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels,
            (theta, i) => Math.Cos(theta + 0.45 + (0.35 * (a[i] - 10) / 100)), true, true, 20);
        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        Assert.Equal(expected, value.Loss.item<double>(), 9);
        Assert.Equal(penalty, value.Figures["penalty"], 9);
    }

    [Theory]
    [InlineData(BeyondPi.None)]
    [InlineData(BeyondPi.Linear)]
    [InlineData(BeyondPi.EasyMargin)]
    [InlineData(BeyondPi.Cosine)]
    public void GradientsEqualCentralDifferencesThroughMarginAndPenalty(BeyondPi treatment)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor drawn, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            Tensor embeddings = (drawn.detach() * 15).requires_grad_();
            using MarginSoftmaxObjective objective = Create(new MagFaceLogit(beyondPi: treatment), seed == 1 ? 1 : 4, 2 + seed);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void DrawsNormsUpUntilTheLargest()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor norms = tensor(new double[] { 5, 20, 100, 200 }).requires_grad_();
        new MagFaceLogit().Penalty(new TargetColumn(zeros_like(norms), norms)).sum().backward();
        double[] slopes = Gradients.Of(norms.grad!);
        Assert.Equal(0, slopes[0]);
        Assert.True(slopes[1] < slopes[2] && slopes[2] < 0);
        Assert.Equal(0, slopes[3]);
    }

    [Fact]
    public void EasesTheMargin()
    {
        MagFaceLogit curve = new();
        curve.Anneal(0);
        Assert.Equal(Math.Cos(1), MarginCases.At(curve, 1, 60).Value, 12);
        curve.Anneal(0.5);
        Assert.Equal(Math.Cos(1 + 0.3125), MarginCases.At(curve, 1, 60).Value, 12);
    }

    [Fact]
    public void IsFiniteAtTheEnds() => MarginCases.AssertFiniteAtTheEnds(() => new MagFaceLogit());

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("magface");

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() =>
        Gen.Long[1, 1000].Sample(seed => MarginCases.AssertInvariant(() => Create(new MagFaceLogit((0.5, 3)), 3, 4), seed), iter: 10);

    [Fact]
    public void RefusesBoundsInTheWrongOrder()
    {
        UsageException e = Assert.Throws<UsageException>(() => ObjectiveRegistry.Create(
            "magface", new Dictionary<string, object?> { ["lowest_norm"] = 120 }, new ObjectiveContext(3, 4, 1)));
        Assert.Contains("norms from 120 to 110", e.Message, StringComparison.Ordinal);
    }

    private static MarginSoftmaxObjective Create(MagFaceLogit curve, int classes, int dim) =>
        new("magface", curve, new DenseCentres(classes, dim, 3), new LogitScale(20));
}
