using Semblance.Training.Margins;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class ArcFaceLogitTests
{
    private const double M = 0.5;

    [Theory]
    [InlineData(BeyondPi.Linear, 0.3, 0.69670670934716)] // cos(0.8)
    [InlineData(BeyondPi.Linear, 2.9, -1.2106709345)] // cos(2.9) − 0.5 sin 0.5
    [InlineData(BeyondPi.None, 2.9, -0.96679819)] // cos(3.4)
    [InlineData(BeyondPi.EasyMargin, 1.5, -0.41614683654714)] // cos(2)
    [InlineData(BeyondPi.EasyMargin, 1.6, -0.02919952230129)] // cos(1.6): the margin has gone
    [InlineData(BeyondPi.Cosine, 2.9, -0.97095817)] // cos(2.9)
    [InlineData(BeyondPi.Clip, 2.9, -0.999999995)]
    public void BendsEachAngleAsItsTreatmentSays(BeyondPi treatment, double theta, double expected) =>
        Assert.Equal(expected, Bend(new ArcFaceLogit(M, treatment), theta).Value, 7);

    [Theory]
    [InlineData(BeyondPi.Linear)]
    [InlineData(BeyondPi.None)]
    [InlineData(BeyondPi.EasyMargin)]
    [InlineData(BeyondPi.Cosine)]
    [InlineData(BeyondPi.Clip)]
    public void GivesFiniteSlopesAtBothEnds(BeyondPi treatment)
    {
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            foreach (double cosine in new[] { 1, -1, 1 + 1e-6, -1 - 1e-6 })
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor column = tensor(new[] { cosine }).to_type(dtype).requires_grad_();
                Tensor bent = new ArcFaceLogit(M, treatment).Bend(new TargetColumn(column, ones_like(column)));
                bent.sum().backward();
                Assert.True(double.IsFinite(bent.to_type(ScalarType.Float64).item<double>()));
                Assert.True(column.grad!.isfinite().all().item<bool>());
            }
        }
    }

    [Fact]
    public void FallsAllTheWayWithTheLinearTreatment()
    {
        double last = double.PositiveInfinity;
        for (double theta = 0; theta <= Math.PI; theta += 0.01)
        {
            double value = Bend(new ArcFaceLogit(M), theta).Value;
            Assert.True(value < last, $"θ = {theta}");
            last = value;
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1.4)]
    [InlineData(2.5)]
    public void HasTheSlopeOfTheShiftedCosine(double theta) =>
        Assert.Equal(Math.Sin(theta + M) / Math.Sin(theta), Bend(new ArcFaceLogit(M, BeyondPi.None), theta).Slope, 9);

    [Theory]
    [InlineData(0.2)]
    [InlineData(2.9)]
    public void HasSlopeOneButTheSameValueStraightThrough(double theta)
    {
        (double value, double slope) = Bend(new ArcFaceLogit(M, BeyondPi.None, MarginGradient.StraightThrough), theta);
        Assert.Equal(Math.Cos(theta + M), value, 9);
        Assert.Equal(1, slope, 12);
    }

    [Fact]
    public void LeavesTheCosineWithoutMargin() => Assert.Equal(Math.Cos(2.2), Bend(new ArcFaceLogit(0), 2.2).Value, 12);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.6)]
    public void RefusesMarginsOutsideTheRightAngle(double margin) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcFaceLogit(margin));

    private static (double Value, double Slope) Bend(ArcFaceLogit curve, double theta)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cosine = tensor(new[] { Math.Cos(theta) }).requires_grad_();
        Tensor bent = curve.Bend(new TargetColumn(cosine, ones_like(cosine)));
        bent.sum().backward();
        return (bent.item<double>(), cosine.grad!.item<double>());
    }
}
