using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Tests.Experiments;

/// <summary>What is drawn is what the papers' formulas say, at angles that can be computed by hand.</summary>
public sealed class MarginCurvesTests
{
    public static TheoryData<string> Losses => [.. MarginCurves.Names()];

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(120)]
    public void TheCurvesAreThePapers(int degrees)
    {
        double angle = degrees * Math.PI / 180;

        Assert.Equal(Math.Cos(angle), At(One("softmax").Logit, degrees), 1e-12);
        Assert.Equal(Math.Cos(angle), At(One("normface").Logit, degrees), 1e-12);
        Assert.Equal(Math.Cos(angle) - 0.35, At(One("cosface").Logit, degrees), 1e-12);
        Assert.Equal(Math.Cos(angle + 0.5), At(One("arcface").Logit, degrees), 1e-12);
    }

    [Fact]
    public void ACurveWithAScheduleIsMeasuredAtItsEnd()
    {
        // m = 4 and λ = 5: (5·cos 30° + ψ(30°))/6 with ψ(30°) = −cos 120° − 0 in the first quarter, where ψ = cos 4θ.
        double angle = 30 * Math.PI / 180;

        Assert.Equal(((5 * Math.Cos(angle)) + Math.Cos(4 * angle)) / 6, At(One("sphereface").Logit, 30), 1e-12);
    }

    [Fact]
    public void TheSlopeIsThatOfTheCurve()
    {
        MarginCurve arcface = One("arcface");

        Assert.Equal(-Math.Sin(1 + 0.5), arcface.Slope[Nearest(arcface, 1)], 5e-3);
        Assert.Equal(-Math.Sin(Math.PI / 3), At(One("cosface").Slope, 60), 1e-12);
    }

    [Theory]
    [InlineData("cosface")]
    [InlineData("arcface")]
    [InlineData("softmax")]
    public void TheGradientOfTheLossIsThatOfTheCrossEntropyAgainstCentresAtRightAngles(string loss)
    {
        MarginCurve curve = One(loss);
        int i = Array.IndexOf([.. curve.Degrees], 62);
        double own = Math.Exp(curve.Scale * curve.Logit[i]);
        double probability = own / (own + MarginCurves.Classes - 1);

        Assert.Equal(-curve.Scale * (1 - probability) * curve.Slope[i], curve.LossGradient[i], 1e-6 * curve.Scale);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void EveryRegisteredCurveIsFiniteEverywhere(string loss)
    {
        foreach (MarginCurve curve in MarginCurves.Measure(loss))
        {
            Assert.Equal(loss, curve.Loss);
            Assert.True(curve.Scale > 0);
            Assert.All(curve.Logit.Concat(curve.Slope).Concat(curve.LossGradient), value => Assert.True(double.IsFinite(value)));
        }
    }

    [Fact]
    public void ScaledHeightsAreLogits()
    {
        MarginCurve curve = One("arcface");

        Assert.Equal(curve.Scale * curve.Logit[7], curve.Heights(scaled: true)[7]);
        Assert.Equal(curve.Logit[7], curve.Heights(scaled: false)[7]);
    }

    [Fact]
    public void ALossWithoutACurveIsRefusedWithTheListOfThoseThatHaveOne()
    {
        string message = Assert.Throws<UsageException>(() => MarginCurves.Measure("triplet")).Message;

        Assert.Contains("arcface", message, StringComparison.Ordinal);
        Assert.Contains("'arcface'", Assert.Throws<UsageException>(() => MarginCurves.Measure("arcfase")).Message, StringComparison.Ordinal);
    }

    private static MarginCurve One(string loss) => Assert.Single(MarginCurves.Measure(loss));

    private static double At(IReadOnlyList<double> values, int degrees) => values[2 * degrees];

    private static int Nearest(MarginCurve curve, double radians) => (int)Math.Round(2 * radians * 180 / Math.PI);
}
