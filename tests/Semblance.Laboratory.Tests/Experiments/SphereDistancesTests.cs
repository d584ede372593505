using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Tests.Experiments;

public sealed class SphereDistancesTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(512)]
    public void TheDensityIntegratesToOne(int dimension)
    {
        double sum = Enumerable.Range(0, 20_000).Sum(i => SphereDistances.Density(dimension, (i + 0.5) * 1e-4) * 1e-4);

        Assert.Equal(1, sum, 1e-4);
    }

    [Fact]
    public void InThreeDimensionsItIsHalfTheDistance()
    {
        // Archimedes: the area of a cap grows with the square of its chord.
        Assert.Equal(0.6, SphereDistances.Density(3, 1.2), 1e-12);
    }

    [Fact]
    public void ItAgreesWithPointsDrawnAtRandom()
    {
        IdentityEmbeddings points = IdentityEmbeddings.OnSphere(8, seed: 3, identities: 600, photos: 1);
        double[] distances = [.. Enumerable.Range(0, 300).Select(i => Distance(points.Rows[2 * i], points.Rows[(2 * i) + 1]))];
        double mean = Enumerable.Range(0, 2000).Sum(i => (i + 0.5) * 1e-3 * SphereDistances.Density(8, (i + 0.5) * 1e-3) * 1e-3);

        Assert.Equal(mean, distances.Average(), 0.06);
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());
}
