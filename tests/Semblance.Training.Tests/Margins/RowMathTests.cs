using System.Numerics;
using Semblance.Training.Margins;

namespace Semblance.Training.Tests.Margins;

public sealed class RowMathTests
{
    [Fact]
    public void TheExponentialIsExactToThreeUnitsInTheLastPlace()
    {
        for (float x = -79.9f; x <= 10; x += 0.0137f)
        {
            float ours = RowMath.Exp(new Vector<float>(x))[0];
            double exact = Math.Exp(x);
            Assert.True(Math.Abs(ours - exact) <= exact * 3.6e-7, $"exp({x:R}) is {ours:R}, expected {exact:R}");
        }
    }

    [Theory]
    [InlineData(-80.1f)]
    [InlineData(-1e4f)]
    [InlineData(float.NegativeInfinity)]
    public void TheExponentialOfWhatIsTooSmallIsZero(float x) => Assert.Equal(0, RowMath.Exp(new Vector<float>(x))[0]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(83)]
    [InlineData(1000)]
    public void SumsAndMaximaAreThoseOfLoops(int length)
    {
        var random = new Random(length);
        float[] row = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        int target = length / 2;
        float[] others = [.. row.Where((_, i) => i != target)];
        Assert.Equal(others.Length == 0 ? float.NegativeInfinity : others.Max(), RowMath.LargestBut<float>(row, target));
        Assert.Equal(row.Max(), RowMath.Largest<float>(row));
        double expected = row.Sum(x => Math.Exp((30.0 * x) - 30));
        Assert.Equal(expected, RowMath.SumOfExponentials<float>(row, 30, 30, []), expected * 3e-6);
        float[] copy = [.. row];
        Assert.Equal(expected, RowMath.Exponentials<float>(copy, 30, 30), expected * 3e-6);
        Assert.All(copy.Zip(row), pair => Assert.Equal(Math.Exp((30.0 * pair.Second) - 30), pair.First, 1e-5 * Math.Exp((30.0 * pair.Second) - 30)));
    }

    [Fact]
    public void SoftplusKeepsItsDigitsAtBothEnds()
    {
        float[] z = [.. Enumerable.Range(0, 64).Select(i => (i - 40) * 0.9f)];
        double[] wide = [.. z.Select(v => (double)v)];
        float[] row = [.. z];
        double expected = wide.Sum(v => Math.Max(v, 0) + Exact(Math.Exp(-Math.Abs(v))));
        Assert.Equal(expected, Softplus.SumAndSlopes<float>(row, 1, 0, 1), expected * 1e-6);
        Assert.Equal(expected, Softplus.SumAndSlopes<double>(wide, 1, 0, 1), 1e-10);
        Assert.All(row.Zip(z), pair => Assert.Equal(1 / (1 + Math.Exp(-pair.Second)), pair.First, 4e-7));
        float[] small = [.. Enumerable.Repeat(-12f, 32)];
        Assert.Equal(32 * Exact(Math.Exp(-12)), Softplus.SumAndSlopes<float>(small, 1, 0, 0.5f), 32 * Math.Exp(-12) * 1e-6);
        Assert.Equal(0.5 / (1 + Math.Exp(12)), small[0], 1e-11);

        // By its series where 1 + e would round e away.
        static double Exact(double e) => e < 1e-4 ? e - (e * e / 2) + (e * e * e / 3) : Math.Log(1 + e);
    }
}
