using Semblance.Training.Margins;

namespace Semblance.Training.Tests.Margins;

public sealed class LogitScaleTests
{
    [Theory]
    [InlineData(2, 0.99)]
    [InlineData(10, 0.99)]
    [InlineData(1000, 0.9)]
    [InlineData(93_000, 0.999)]
    public void IsJustEnoughToReachTheProbability(int classes, double probability)
    {
        double s = LogitScale.LowerBound(classes, probability);
        // One embedding on its centre, all centres as far apart as they can be.
        double own = Math.Exp(s);
        double others = (classes - 1) * Math.Exp(-s / (classes - 1));
        Assert.Equal(probability, own / (own + others), 10);
    }

    [Fact]
    public void TakesOneForASingleClass() => Assert.Equal(1, LogitScale.LowerBound(1, 0.99));

    [Fact]
    public void RefusesAProbabilityThatAnyScaleReaches() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitScale.LowerBound(10, 0.05));
}
