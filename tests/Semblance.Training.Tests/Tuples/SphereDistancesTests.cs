using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class SphereDistancesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(512)]
    public void HasASurfaceOfOne(int dimension)
    {
        // The angle as the variable, d = 2 sin(t/2), takes away the pole that two dimensions have at d = 2.
        const int Steps = 200_000;
        double sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            double angle = (i + 0.5) / Steps * Math.PI;
            sum += SphereDistances.Density(dimension, 2 * Math.Sin(angle / 2)) * Math.Cos(angle / 2) * Math.PI / Steps;
        }

        Assert.Equal(1, sum, 6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void IsHowFarApartRandomPointsAre(int dimension)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(7);
        Tensor points = randn([2, 200_000, dimension], ScalarType.Float64, generator: generator);
        Tensor unit = points / points.norm(2, keepdim: true, p: 2f);
        double[] distances = (unit[0] - unit[1]).norm(1).data<double>().ToArray();
        for (double low = 0.2; low < 1.8; low += 0.2)
        {
            double expected = 0;
            for (int i = 0; i < 200; i++)
            {
                expected += SphereDistances.Density(dimension, low + ((i + 0.5) / 200 * 0.2)) * 0.2 / 200;
            }

            double share = distances.Count(d => d >= low && d < low + 0.2) / (double)distances.Length;
            Assert.InRange(share, expected - 0.006, expected + 0.006);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void GivesTheSameLogarithmsForTensors(int dimension)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] distances = [1e-3, 0.5, 1, 1.4, 1.999];
        double[] actual = SphereDistances.LogInverse(dimension, tensor(distances)).data<double>().ToArray();
        Assert.All(distances.Zip(actual), pair => Assert.Equal(SphereDistances.LogInverse(dimension, pair.First), pair.Second, 9));
        double difference = SphereDistances.LogInverse(dimension, 0.7) - SphereDistances.LogInverse(dimension, 1.1);
        Assert.Equal(Math.Log(SphereDistances.Density(dimension, 1.1) / SphereDistances.Density(dimension, 0.7)), difference, 8);
    }

    [Fact]
    public void IsZeroOutsideTheSphere() =>
        Assert.All(new[] { -1.0, 0, 2, 2.5, double.NaN }, d => Assert.Equal(0, SphereDistances.Density(8, d)));

    [Fact]
    public void RefusesALine() => Assert.Throws<ArgumentOutOfRangeException>(() => SphereDistances.Density(1, 1));
}
