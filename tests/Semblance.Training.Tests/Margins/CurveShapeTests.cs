using CsCheck;
using Semblance.Training.Margins;

namespace Semblance.Training.Tests.Margins;

/// <summary>What the papers say of the shape of their curves, at angles and margins drawn at random.</summary>
public sealed class CurveShapeTests
{
    private static readonly Gen<double> Angle = Gen.Double[0, Math.PI];

    private static readonly Gen<ITargetLogit> Falling = Gen.OneOf(
        Gen.Const<ITargetLogit>(new SoftmaxLogit()),
        Gen.Const<ITargetLogit>(new NormFaceLogit()),
        Gen.Double[0, 1].Select(m => (ITargetLogit)new CosFaceLogit(m)),
        Gen.Double[0, 1.5].Select(m => (ITargetLogit)new ArcFaceLogit(m, BeyondPi.Linear)),
        Gen.Double[0, 1.5].Select(m => (ITargetLogit)new ArcFaceLogit(m, BeyondPi.Clip)),
        Gen.Select(Gen.Int[1, 4], Gen.Double[0, 5]).Select((m, lambda) => (ITargetLogit)new LSoftmaxLogit(m, FallingLambda.Constant(lambda))),
        Gen.Select(Gen.Int[1, 4], Gen.Double[0, 5]).Select((m, lambda) => (ITargetLogit)new SphereFaceLogit(m, FallingLambda.Constant(lambda))));

    [Fact]
    public void FallsFromTheCentreToItsOpposite() => Gen.Select(Falling, Angle, Angle).Sample((curve, a, b) =>
    {
        (double near, double far) = (Math.Min(a, b), Math.Max(a, b));
        return MarginCases.At(curve, near).Value >= MarginCases.At(curve, far).Value - 1e-9;
    });

    [Fact]
    public void NeverLiesAboveTheCosine() => Gen.Select(Falling, Angle).Sample((curve, theta) =>
        MarginCases.At(curve, theta).Value <= Math.Cos(theta) + 1e-9);

    [Fact]
    public void RisesAgainBeyondPiWhereNothingIsDoneAboutIt()
    {
        var curve = new ArcFaceLogit(0.5, BeyondPi.None);
        Assert.True(MarginCases.At(curve, Math.PI).Value > MarginCases.At(curve, Math.PI - 0.4).Value);
    }

    [Fact]
    public void IsTheCosineWithoutAMargin() => Angle.Sample(theta =>
    {
        double plain = MarginCases.At(new NormFaceLogit(), theta).Value;
        Assert.Equal(plain, MarginCases.At(new CosFaceLogit(0), theta).Value, 12);
        Assert.Equal(plain, MarginCases.At(new ArcFaceLogit(0), theta).Value, 7);
        Assert.Equal(plain, MarginCases.At(new LSoftmaxLogit(1, FallingLambda.None), theta).Value, 7);
        Assert.Equal(plain, MarginCases.At(new CombinedMarginLogit(1, 0, 0), theta).Value, 7);
    });
}
