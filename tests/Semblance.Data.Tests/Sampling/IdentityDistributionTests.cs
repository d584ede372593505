using CsCheck;
using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class IdentityDistributionTests
{
    private static readonly int[] Counts = [1, 4, 9, 100];

    [Fact]
    public void ClassBalancedGivesEachIdentityTheSame() => Assert.Equal([0.25, 0.25, 0.25, 0.25], IdentityDistribution.ClassBalanced(Counts));

    [Fact]
    public void TheSquareRootIsThatOfTheImages() => AssertShares([1, 2, 3, 10], IdentityDistribution.SquareRoot(Counts));

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.9999)]
    public void TheEffectiveNumberIsTheSumOfPowersOfBeta(double beta)
    {
        // E(n) = 1 + β + … + β^(n−1), summed; the closed form is what is tested.
        double[] effective = [.. Counts.Select(n => Enumerable.Range(0, n).Sum(i => Math.Pow(beta, i)))];
        AssertShares([.. Counts.Zip(effective, (n, e) => n / e)], IdentityDistribution.EffectiveNumber(Counts, beta));
    }

    [Fact]
    public void BetaLeadsFromTheShuffleToClassBalanced()
    {
        AssertShares([1, 4, 9, 100], IdentityDistribution.EffectiveNumber(Counts, 0));
        double[] limit = IdentityDistribution.EffectiveNumber(Counts, 1 - 1e-13);
        Assert.All(limit, share => Assert.Equal(0.25, share, 1e-11));
    }

    [Fact]
    public void SharesSumToOneAndLieBetweenTheTwoEnds() => Gen.Select(Gen.Int[1, 500].Array[2, 20], Gen.Double[0, 0.99999]).Sample((counts, beta) =>
    {
        double[] shares = IdentityDistribution.EffectiveNumber(counts, beta);
        Assert.Equal(1, shares.Sum(), 1e-12);
        int largest = Array.IndexOf(counts, counts.Max());
        Assert.InRange(shares[largest], (1.0 / counts.Length) - 1e-12, ((double)counts[largest] / counts.Sum()) + 1e-12);
    });

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void BetaOutOfRangeIsRefused(double beta) => Assert.Throws<ArgumentOutOfRangeException>(() => IdentityDistribution.EffectiveNumber(Counts, beta));

    private static void AssertShares(double[] weights, double[] shares)
    {
        Assert.Equal(weights.Length, shares.Length);
        foreach ((double weight, double share) in weights.Zip(shares))
        {
            Assert.Equal(weight / weights.Sum(), share, 1e-13);
        }
    }
}
