using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Tests.Experiments;

/// <summary>What a loss does to a pair, told from the whole gradient of a batch, is the derivative that can be taken by hand.</summary>
public sealed class PairGradientsTests
{
    private static readonly Dictionary<string, PairGradient> Measured = PairGradients.Measure().ToDictionary(gradient => gradient.Label);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void ASquaredDistanceLetsGoOfHardNegativesAndATrueOneDoesNot(double distance)
    {
        Assert.Equal(2 * distance, Push("triplet, squared distance", distance), 1e-9);
        Assert.Equal(1, Push("triplet, true distance", distance), 1e-9);
    }

    [Fact]
    public void BeyondPositiveAndMarginATripletPushesNoMore()
    {
        Assert.Equal(0, Push("triplet, true distance", 0.75), 1e-12);
        Assert.Equal(0, Push("triplet, squared distance", 0.75), 1e-12);
    }

    [Fact]
    public void ContrastivePushesUpToItsMarginAndPullsWithTheDistance()
    {
        Assert.Equal(1 - 0.4, Push("contrastive", 0.4), 1e-9);
        Assert.Equal(0, Push("contrastive", 1.2), 1e-12);
        Assert.Equal(0.4, Pull("contrastive", 0.4), 1e-9);
    }

    [Fact]
    public void TheMarginLossPushesAndPullsAlikeOnItsSideOfTheBoundary()
    {
        Assert.Equal(1, Push("margin", 0.01), 1e-9);
        Assert.Equal(1, Push("margin", 1.39), 1e-9);
        Assert.Equal(0, Pull("margin", 0.99), 1e-12);
        Assert.Equal(1, Pull("margin", 1.01), 1e-9);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.6)]
    public void TheLiftedLossIsThatOfItsEquation(double distance)
    {
        // J = log(exp(1 − d(a,n)) + exp(1 − d(p,n))) + d(a,p), the loss ½·J²; positive and negative at right angles.
        double own = Math.Exp(1 - distance);
        double other = Math.Exp(1 - Math.Sqrt((distance * distance) + (PairGradients.PositiveDistance * PairGradients.PositiveDistance)));
        double j = Math.Log(own + other) + PairGradients.PositiveDistance;

        Assert.Equal(j * own / (own + other), Push("lifted", distance), 1e-9);
    }

    [Fact]
    public void ATripletPullsWhereThePositiveIsNotNearerByTheMargin()
    {
        Assert.Equal(0, Pull("triplet, true distance", 0.5), 1e-12);
        Assert.Equal(1, Pull("triplet, true distance", 0.7), 1e-9);
        Assert.Equal(2 * 0.9, Pull("triplet, squared distance", 0.9), 1e-9);
    }

    private static double Push(string label, double distance) => Measured[label].Push[Index(distance)];

    private static double Pull(string label, double distance) => Measured[label].Pull[Index(distance)];

    private static int Index(double distance) => PairGradients.Distances.Index().Single(item => item.Item == distance).Index;
}
