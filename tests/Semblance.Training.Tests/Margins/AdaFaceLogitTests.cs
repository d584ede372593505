using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class AdaFaceLogitTests
{
    [Theory]
    [InlineData(1e-9, -1)] // lowest quality: ArcFace's curve
    [InlineData(20, 0)] // the mean: CosFace's
    [InlineData(100, 1)] // highest: a negative angle, twice the margin off the cosine
    public void LeansOnTheNorm(double norm, double quality)
    {
        AdaFaceLogit curve = Create(20, 5);
        Gen.Double[0.5, 2.6].Sample(theta => Assert.Equal(
            Math.Cos(theta - (0.4 * quality)) - 0.4 - (0.4 * quality), MarginCases.At(curve, theta, norm).Value, 9));
    }

    [Fact]
    public void EqualsTheFormulaWrittenOut()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 9, 5, 6);
        AdaFaceLogit curve = Create(2, 0.5);
        using MarginSoftmaxObjective objective = new("adaface", curve, new DenseCentres(6, 5, 3), new LogitScale(20));
        objective.to(ScalarType.Float64);
        objective.eval();
        double[] z = [.. Gradients.Of(embeddings.norm(1)).Select(n => Math.Clamp((n - 2) / 0.501 * 0.333, -1, 1))];
        double expected = MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels,
            (theta, i) => Math.Cos(Math.Clamp(theta - (0.4 * z[i]), 1e-3, Math.PI - 1e-3)) - (0.4 * z[i]) - 0.4, true, true, 20);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
    }

    [Fact]
    public void HasTheSlopeOfItsOwnCurveWithTheNormsHeld() => Gen.Select(Gen.Double[0.1, 3], Gen.Double[1, 60]).Sample((theta, norm) =>
    {
        const double Step = 1e-6;
        AdaFaceLogit curve = Create(20, 10);
        double cosine = Math.Cos(theta);
        double numeric = (MarginCases.At(curve, Math.Acos(cosine + Step), norm).Value - MarginCases.At(curve, Math.Acos(cosine - Step), norm).Value) / (2 * Step);
        Assert.Equal(numeric, MarginCases.At(curve, theta, norm).Slope, 1e-4);
    });

    [Fact]
    public void IsThePapersEquationWithoutGuards()
    {
        AdaFaceLogit curve = new(guards: AdaFaceGuards.None);
        curve.to(ScalarType.Float64);
        curve.MeanNorm.fill_(20);
        curve.NormDeviation.fill_(0.5);
        // A norm far below the mean: θ + m passes π, and no norm is too large.
        Assert.Equal(Math.Cos(3.1 + 0.4), MarginCases.At(curve, 3.1, 1).Value, 9);
        Assert.Equal(Math.Cos(1 - 0.4) - 0.8, MarginCases.At(curve, 1, 150).Value, 9);
        curve.MeanNorm.fill_(120);
        Assert.Equal(Math.Cos(1 - 0.4) - 0.8, MarginCases.At(curve, 1, 150).Value, 9);
        curve.NormDeviation.fill_(0);
        Assert.Equal(Math.Cos(1) - 0.4, MarginCases.At(curve, 1, 120).Value, 9);
    }

    [Fact]
    public void PassesNoGradientThroughTheNorm()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor norms = tensor(new double[] { 15, 25 }).requires_grad_();
        Tensor cosine = tensor(new[] { 0.3, 0.5 }).requires_grad_();
        Create(20, 10).Bend(new TargetColumn(cosine, norms)).sum().backward();
        Assert.True(norms.grad is null);
    }

    [Fact]
    public void KeepsRunningMeansOfTheNormsInTrainingOnlyAndInTheCheckpoint()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 9, 5, 6);
        AdaFaceLogit curve = new(statisticsRate: 0.3);
        using MarginSoftmaxObjective objective = new("adaface", curve, new DenseCentres(6, 5, 3), new LogitScale(20));
        objective.to(ScalarType.Float64);
        objective.eval();
        objective.Evaluate(embeddings, labels);
        Assert.Equal(20, curve.MeanNorm.item<double>());
        objective.train();
        objective.Evaluate(embeddings, labels);
        double[] norms = Gradients.Of(embeddings.norm(1));
        double mean = norms.Average();
        double deviation = Math.Sqrt(norms.Sum(n => (n - mean) * (n - mean)) / 8);
        Assert.Equal((0.7 * 20) + (0.3 * mean), curve.MeanNorm.item<double>(), 10);
        Assert.Equal((0.7 * 100) + (0.3 * deviation), curve.NormDeviation.item<double>(), 10);
        Assert.Contains("curve.mean_norm", objective.state_dict().Keys);
        Assert.Contains("curve.norm_deviation", objective.state_dict().Keys);
    }

    [Fact]
    public void KeepsTheDeviationForABatchOfOne()
    {
        using DisposeScope scope = NewDisposeScope();
        AdaFaceLogit curve = new();
        curve.Observe(new TargetColumn(ones(1), ones(1) * 30));
        Assert.Equal((0.01 * 20) + (0.99 * 30), curve.MeanNorm.item<float>(), 4);
        Assert.Equal(100, curve.NormDeviation.item<float>());
    }

    [Fact]
    public void EasesTheMargin()
    {
        AdaFaceLogit curve = Create(20, 10);
        curve.Anneal(0);
        Assert.Equal(Math.Cos(1), MarginCases.At(curve, 1, 33).Value, 9);
    }

    [Fact]
    public void IsFiniteAtTheEnds() => MarginCases.AssertFiniteAtTheEnds(() => new AdaFaceLogit());

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("adaface");

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() => Gen.Long[1, 1000].Sample(
        seed => MarginCases.AssertInvariant(
            () => new MarginSoftmaxObjective("adaface", Create(2, 1), new DenseCentres(3, 4, 3), new LogitScale(20)), seed),
        iter: 10);

    private static AdaFaceLogit Create(double mean, double deviation)
    {
        AdaFaceLogit curve = new();
        curve.to(ScalarType.Float64);
        curve.MeanNorm.fill_(mean);
        curve.NormDeviation.fill_(deviation);
        return curve;
    }
}
