using Semblance.Laboratory.Experiments;
using Semblance.Training.Tuples;

namespace Semblance.Laboratory.Tests.Experiments;

public sealed class IdentityEmbeddingsTests
{
    [Fact]
    public void PeopleAreAsFarApartAsRandomPointsOfTheSphere()
    {
        IdentityEmbeddings points = IdentityEmbeddings.OnSphere(8, seed: 3, identities: 600, photos: 1);
        double[] distances = [.. Enumerable.Range(0, 300).Select(i => Distance(points.Rows[2 * i], points.Rows[(2 * i) + 1]))];
        double mean = Enumerable.Range(0, 2000).Sum(i => (i + 0.5) * 1e-3 * SphereDistances.Density(8, (i + 0.5) * 1e-3) * 1e-3);

        Assert.Equal(mean, distances.Average(), 0.06);
    }

    [Fact]
    public void PhotosOfOnePersonAreNearerThanThoseOfTwo()
    {
        IdentityEmbeddings points = IdentityEmbeddings.OnSphere(64, seed: 4, identities: 50, photos: 2);

        double own = Enumerable.Range(0, 50).Average(i => Distance(points.Rows[2 * i], points.Rows[(2 * i) + 1]));
        double other = Enumerable.Range(0, 49).Average(i => Distance(points.Rows[2 * i], points.Rows[(2 * i) + 2]));

        Assert.True(own < other - 0.1);
        Assert.All(points.Rows, row => Assert.Equal(1, row.Sum(x => (double)x * x), 1e-5));
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());
}
