using Semblance.Laboratory.Experiments;
using Semblance.Training.Objectives;

namespace Semblance.Laboratory.Tests.Experiments;

/// <summary>The force that is told from the gradient of a loss is the derivative that can be taken by hand.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class LossForcesTests
{
    public static TheoryData<string> Names => [.. LossForces.Names()];

    [Fact]
    public void EveryRegisteredLossHasEitherACurveOrForces() =>
        Assert.Equal(ObjectiveRegistry.Names.Order(), MarginCurves.Names().Concat(LossForces.Names()).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryForceIsFiniteAndSomewhereThere(string loss)
    {
        LossForce force = LossForces.Measure(loss);

        double[] heights = [.. new[] { force.Push, force.Pull }.OfType<ForceCurves>().SelectMany(curves => curves.Curves).SelectMany(curve => curve.Heights)];
        Assert.Contains(heights, height => Math.Abs(height) > 1e-6);
        Assert.All(heights, height => Assert.True(double.IsFinite(height)));
    }

    [Fact]
    public void ALossWithACurveIsSentThere() => Assert.Contains("lab curves --losses arcface", Assert.Throws<UsageException>(() => LossForces.Measure("arcface")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("contrastive", 1)]
    [InlineData("cross-batch-memory", 1)]
    [InlineData("deepid2", 0.05)]
    [InlineData("joint", 0.05 / 3)]
    public void ContrastivePushesWithinItsMarginAndPullsWithTheDistanceWhereverItStands(string loss, double weight)
    {
        LossForce force = LossForces.Measure(loss);
        double margin = loss == "deepid2" ? DeepId2Margin(force, weight) : 1;

        AssertForce(force.Push!, null, d => weight * Math.Max(0, margin - d));
        AssertForce(force.Pull!, null, d => weight * d);
    }

    [Fact]
    public void TheSemiHardTripletIsPushedAndPulledWithinItsBandAlone()
    {
        LossForce force = LossForces.Measure("triplet");

        foreach (double partner in LossForces.Partners)
        {
            AssertForce(force.Push!, partner, d => d > partner && d * d < (partner * partner) + 0.2 ? 2 * d : 0);
            AssertForce(force.Pull!, partner, d => d < partner && partner * partner < (d * d) + 0.2 ? 2 * d : 0);
        }
    }

    [Fact]
    public void SupConIsThatOfItsEquation()
    {
        // L = log(1 + exp((s_n − s_p)/τ)) with s = 1 − d²/2.
        LossForce force = LossForces.Measure("supcon");

        AssertForce(force.Push!, 0.8, d => d / 0.1 * Logistic(((0.8 * 0.8) - (d * d)) / 2 / 0.1));
        AssertForce(force.Pull!, 1.2, d => d / 0.1 * Logistic(((d * d) - (1.2 * 1.2)) / 2 / 0.1));
    }

    [Fact]
    public void ProxyNcaIsThatOfItsEquation()
    {
        // L = d(x, p)² + log(exp(−d(x, n)²) + exp(−2)), the third proxy being at right angles.
        LossForce force = LossForces.Measure("proxy-nca");

        AssertForce(force.Push!, null, d => 2 * d * Math.Exp(-d * d) / (Math.Exp(-d * d) + Math.Exp(-2)));
        AssertForce(force.Pull!, null, d => 2 * d);
    }

    [Fact]
    public void CentreLossPullsWithTheDistanceTimesItsWeight()
    {
        Assert.Null(LossForces.Measure("center").Push);
        AssertForce(LossForces.Measure("center").Pull!, null, d => 0.003 * d);
        AssertForce(LossForces.Measure("center-penalty").Pull!, null, d => d);
    }

    [Fact]
    public void RegularFacePushesTheNearestCentreOnly()
    {
        // Two of three classes have the other as nearest as long as it is nearer than the third, which is √2 away.
        LossForce force = LossForces.Measure("regularface");

        Assert.Null(force.Pull);
        AssertForce(force.Push!, null, d => d < Math.Sqrt(2) ? 2.0 / 3 * d : 0);
    }

    [Fact]
    public void LengthsAreDrawnToTheRadiusAndToTheMeanOfTheCentres()
    {
        AssertForce(LossForces.Measure("ring-penalty").Pull!, null, r => r - 1);
        // ¼·γ·(r² − (r² + 2)/3)² = γ/9·(r² − 1)².
        AssertForce(LossForces.Measure("center-invariant").Pull!, null, r => 0.01 / 9 * 4 * r * ((r * r) - 1));
    }

    // The threshold of its first batch, read off where the push begins.
    private static double DeepId2Margin(LossForce force, double weight)
    {
        double margin = (force.Push!.Curves[0].Heights[0] / weight) + force.Push.Positions[0];
        Assert.InRange(margin, 0.6, 1.4);
        return margin;
    }

    private static void AssertForce(ForceCurves force, double? partner, Func<double, double> expected)
    {
        IReadOnlyList<double> heights = Assert.Single(force.Curves, curve => curve.Partner == partner).Heights;
        foreach ((double position, double height) in force.Positions.Zip(heights))
        {
            Assert.Equal(expected(position), height, 1e-6);
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
