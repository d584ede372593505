using CsCheck;
using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class WeightedPkSamplerTests
{
    [Fact]
    public void EachBatchHasPIdentitiesWithKImagesAndEachIdentityItsShareOfVisits() =>
        Gen.Select(Gen.Int[1, 30].Array[2, 10], Gen.Int[1, 5], Gen.Int[1, 4], Gen.ULong).Sample((counts, p, k, seed) =>
        {
            int[] labels = LongTail.Of(counts);
            p = Math.Min(p, counts.Length);
            var sampler = new WeightedPkSampler(labels, IdentityDistribution.SquareRoot, p, k, seed);
            int[][] batches = sampler.Epoch(2);
            foreach (int[] batch in batches)
            {
                IGrouping<int, int>[] groups = [.. batch.GroupBy(image => labels[image])];
                Assert.Equal(p, groups.Length);
                Assert.All(groups, group => Assert.Equal((k, Math.Min(k, counts[group.Key])), (group.Count(), group.Distinct().Count())));
            }

            double[] expected = SystematicCounts.Expected(IdentityDistribution.SquareRoot(counts), batches.Length * p, batches.Length);
            int[] visits = LongTail.Visits(batches, labels);
            for (int i = 0; i < counts.Length; i++)
            {
                Assert.InRange(visits[i] / k, (int)Math.Floor(expected[i] - 1e-9), (int)Math.Ceiling(expected[i] + 1e-9));
            }
        });

    [Fact]
    public void ClassBalancedVisitsEachIdentityExactlyAsOften()
    {
        int[] labels = LongTail.Of(1, 3, 3, 9, 20, 60);
        Assert.Equal([24, 24, 24, 24, 24, 24], LongTail.Visits(new WeightedPkSampler(labels, IdentityDistribution.ClassBalanced, 3, 2, 1, batchesPerEpoch: 24).Epoch(0), labels));
    }

    [Fact]
    public void AnIdentityThatOutweighsAllOthersStandsOnceInEachBatch()
    {
        int[] labels = LongTail.Of(1, 1, 1, 400);
        int[][] batches = new WeightedPkSampler(labels, n => IdentityDistribution.EffectiveNumber(n, 0), 2, 2, 1, batchesPerEpoch: 30).Epoch(0);
        Assert.All(batches, batch => Assert.Equal(2, batch.Count(image => labels[image] == 3)));
        Assert.Equal([20, 20, 20, 60], LongTail.Visits(batches, labels));
    }

    [Fact]
    public void AnEpochDependsOnSeedAndNumberAlone()
    {
        int[] labels = LongTail.Of(2, 5, 9, 14, 3);
        WeightedPkSampler Make() => new(labels, IdentityDistribution.SquareRoot, 3, 2, 5);
        WeightedPkSampler sampler = Make();
        sampler.Epoch(0);
        Assert.Equal(Make().Epoch(4), sampler.Epoch(4));
        Assert.NotEqual(sampler.Epoch(3), sampler.Epoch(4));
    }

    [Fact]
    public void FewerThanPIdentitiesAreRefused() =>
        Assert.Contains("wants 3 identities", Assert.Throws<UsageException>(() => new WeightedPkSampler([0, 0, 1], IdentityDistribution.SquareRoot, 3, 2, 1)).Message, StringComparison.Ordinal);
}
