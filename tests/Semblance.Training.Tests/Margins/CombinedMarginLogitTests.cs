using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class CombinedMarginLogitTests
{
    private static readonly Gen<double> Angle = Gen.Double[1e-3, Math.PI - 1e-3];

    [Fact]
    public void IsThePapersEquationAtEveryAngleAndMargin() => Gen.Select(Angle, Gen.Double[0.5, 2], Gen.Double[0, 1], Gen.Double[0, 0.5]).Sample(
        (theta, m1, m2, m3) =>
        {
            (double value, double slope) = MarginCases.At(new CombinedMarginLogit(m1, m2, m3), theta);
            Assert.Equal(Math.Cos((m1 * theta) + m2) - m3, value, 7);
            double expected = m1 * Math.Sin((m1 * theta) + m2) / Math.Sin(theta);
            Assert.Equal(expected, slope, 1e-6 * Math.Max(1, Math.Abs(expected)));
        });

    [Fact]
    public void ReproducesCosFaceArcFaceAndTheFirstPieceOfSphereFace() => Angle.Sample(theta =>
    {
        Assert.Equal(MarginCases.At(new CosFaceLogit(0.35), theta).Value, MarginCases.At(new CombinedMarginLogit(1, 0, 0.35), theta).Value, 12);
        Assert.Equal(MarginCases.At(new ArcFaceLogit(0.5, BeyondPi.None), theta).Value, MarginCases.At(new CombinedMarginLogit(1, 0.5, 0), theta).Value, 12);
        Assert.Equal(
            MarginCases.At(new SphereFaceLogit(4, FallingLambda.None), theta / 4).Value, MarginCases.At(new CombinedMarginLogit(4, 0, 0), theta / 4).Value, 7);
    });

    [Fact]
    public void IgnoresTheOtherMarginsBesideACosineMarginInArcFaceTorch()
    {
        CombinedMarginLogit curve = new(0.9, 0.4, 0.15, CombinedMarginVariant.ArcFaceTorch);
        (double value, double slope) = MarginCases.At(curve, 1.1);
        Assert.Equal(Math.Cos(1.1) - 0.15, value, 12);
        Assert.Equal(1, slope, 12);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(2.9)]
    public void ShiftsTheAngleStraightThroughInArcFaceTorch(double theta)
    {
        (double value, double slope) = MarginCases.At(new CombinedMarginLogit(1, 0.5, 0, CombinedMarginVariant.ArcFaceTorch), theta);
        Assert.Equal(Math.Cos(theta + 0.5), value, 9);
        Assert.Equal(1, slope, 12);
    }

    [Fact]
    public void CountsOtherClassesAboveTheFilterAsAtARightAngle()
    {
        using DisposeScope scope = NewDisposeScope();
        DenseCentres centres = new(3, 2, 1);
        using MarginSoftmaxObjective objective = new(
            "combined-margin", new CombinedMarginLogit(1, 0, 0.4, CombinedMarginVariant.ArcFaceTorch, filter: 0.2), centres, new LogitScale(10));
        using (no_grad())
        {
            // At 0°, 60° and 90° from the embedding, whose class is the first.
            centres.Weight.copy_(tensor(new float[] { 1, 0, 1, MathF.Sqrt(3), 0, 1 }, [3, 2]));
        }

        Tensor loss = objective.Evaluate(tensor(new float[] { 2, 0 }, [1, 2]), zeros(1, ScalarType.Int64)).Loss;
        loss.backward();
        Assert.Equal(Math.Log(Math.Exp(6) + 1 + 1) - 6, loss.item<float>(), 5);
        Assert.Equal(0, centres.Weight.grad![1].abs().max().item<float>());
        Assert.True(centres.Weight.grad![2].abs().max().item<float>() > 0);
    }

    [Theory]
    [InlineData(1, 0.3, 0.2)]
    [InlineData(0.9, 0.4, 0.15)]
    [InlineData(1.35, 0, 0)]
    public void EqualsTheFormulaWrittenOut(double m1, double m2, double m3)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(7, 7, 5, 6);
        using MarginSoftmaxObjective objective = Create(m1, m2, m3, 6, 5);
        objective.to(ScalarType.Float64);
        double expected = MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels, (theta, _) => Math.Cos((m1 * theta) + m2) - m3, true, true, 20);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
    }

    [Theory]
    [InlineData(1, 0.3, 0.2)]
    [InlineData(0.9, 0.4, 0.15)]
    public void GradientsEqualCentralDifferences(double m1, double m2, double m3)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            using MarginSoftmaxObjective objective = Create(m1, m2, m3, seed == 1 ? 1 : 4, 2 + seed);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Theory]
    [InlineData(1, 0.3, 0.2)]
    [InlineData(0.9, 0.4, 0.15)]
    [InlineData(2, 0, 0)]
    public void EasesFromTheCosineToTheFullCurve(double m1, double m2, double m3)
    {
        CombinedMarginLogit curve = new(m1, m2, m3);
        double full = MarginCases.At(curve, 1).Value;
        curve.Anneal(0.5);
        Assert.InRange(MarginCases.At(curve, 1).Value, full, Math.Cos(1));
        curve.Anneal(0);
        Assert.Equal(Math.Cos(1), MarginCases.At(curve, 1).Value, 9);
        curve.Anneal(1);
        Assert.Equal(full, MarginCases.At(curve, 1).Value);
    }

    [Theory]
    [InlineData(1, 0.3, 0.2, CombinedMarginVariant.Paper)]
    [InlineData(0.9, 0.4, 0.15, CombinedMarginVariant.Paper)]
    [InlineData(1, 0.5, 0, CombinedMarginVariant.ArcFaceTorch)]
    public void IsFiniteAtTheEnds(double m1, double m2, double m3, CombinedMarginVariant variant) =>
        MarginCases.AssertFiniteAtTheEnds(() => new CombinedMarginLogit(m1, m2, m3, variant));

    [Fact]
    public void IsSoundAtTheEdges()
    {
        MarginCases.AssertSound("combined-margin", ("factor", 0.9));
        MarginCases.AssertSound("combined-margin", ("variant", "arcface-torch"), ("cosine_margin", 0), ("angle_margin", 0.5));
    }

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() =>
        Gen.Long[1, 1000].Sample(seed => MarginCases.AssertInvariant(() => Create(0.9, 0.4, 0.15, 3, 4), seed), iter: 10);

    [Fact]
    public void RefusesWhatArcFaceTorchDoesNotKnow()
    {
        Assert.Contains("'factor'", Refused(("variant", "arcface-torch"), ("factor", 0.9)), StringComparison.Ordinal);
        Assert.Contains("'angle_margin'", Refused(("variant", "arcface-torch"), ("angle_margin", 0.5)), StringComparison.Ordinal);
        Assert.Contains("'filter'", Refused(("filter", 0.2)), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CombinedMarginLogit(0.9, 0.4, 0, CombinedMarginVariant.ArcFaceTorch));
    }

    private static MarginSoftmaxObjective Create(double m1, double m2, double m3, int classes, int dim) =>
        new("combined-margin", new CombinedMarginLogit(m1, m2, m3), new DenseCentres(classes, dim, 3), new LogitScale(20));

    private static string Refused(params (string Key, object? Value)[] parameters) => Assert.Throws<UsageException>(() =>
        ObjectiveRegistry.Create("combined-margin", parameters.ToDictionary(p => p.Key, p => p.Value), new ObjectiveContext(5, 4, 1))).Message;
}
