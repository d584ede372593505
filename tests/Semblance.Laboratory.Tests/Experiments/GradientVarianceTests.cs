using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Tests.Experiments;

public sealed class GradientVarianceTests
{
    [Fact]
    public void TheNearerTheNegativeTheMoreNoiseDecides()
    {
        IReadOnlyList<double> variances = GradientVariance.OnSphere(32, 0.2, [0.01, 0.2, 0.5, 1, 1.5], seed: 1).Variances;

        Assert.Equal(variances.OrderDescending(), variances);
        Assert.InRange(variances[0], 0.95, 1.05);
        Assert.InRange(variances[^1], 0, 0.05);
    }

    [Fact]
    public void SmallNoiseTurnsTheDirectionByItsShareOfTheDistance()
    {
        // h = a − n of length d with noise z of length ε on either side: variance of the direction (n−2 of its n−1 directions, tangent to the sphere twice) near 2ε²/d².
        double variance = GradientVariance.OnSphere(256, 0.02, [1.0], seed: 2).Variances[0];

        Assert.Equal(2 * 0.02 * 0.02, variance, 0.1 * 2 * 0.02 * 0.02);
    }

    [Fact]
    public void RandomPointsHaveNoNoiseOfTheirOwn() =>
        Assert.Throws<ArgumentException>(() => GradientVariance.Of(IdentityEmbeddings.OnSphere(8, 1, 4, 2), [0.5, 1], seed: 1));
}
