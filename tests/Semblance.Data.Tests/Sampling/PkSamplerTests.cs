using CsCheck;
using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class PkSamplerTests
{
    [Fact]
    public void EachBatchHasPIdentitiesWithKImagesOfTheirOwn() => Gen.Select(Gen.Int[2, 12], Gen.Int[1, 6], Gen.Int[1, 5], Gen.ULong).Sample((identities, p, k, seed) =>
    {
        int[] labels = LongTail(identities);
        p = Math.Min(p, identities);
        var sampler = new PkSampler(labels, p, k, seed);
        foreach (int[] batch in sampler.Epoch(1))
        {
            Assert.Equal(p * k, batch.Length);
            IGrouping<int, int>[] groups = [.. batch.GroupBy(index => labels[index])];
            Assert.Equal(p, groups.Length);
            foreach (IGrouping<int, int> group in groups)
            {
                Assert.Equal(k, group.Count());
                Assert.Equal(Math.Min(k, labels.Count(label => label == group.Key)), group.Distinct().Count());
            }
        }
    });

    [Fact]
    public void EveryIdentityIsVisitedBeforeAnyIsVisitedAgain()
    {
        var sampler = new PkSampler(LongTail(11), 4, 2, 3, batchesPerEpoch: 11);
        int[] labels = LongTail(11);
        int[] visits = [.. sampler.Epoch(0).SelectMany(batch => batch.Chunk(2).Select(pair => labels[pair[0]]))];
        Assert.All(visits.CountBy(label => label), visit => Assert.Equal(4, visit.Value));
        Assert.Equal(11, visits.Take(11).Distinct().Count());
    }

    [Fact]
    public void ByDefaultAnEpochIsAsLongAsTheData()
    {
        Assert.Equal(4, new PkSampler(new int[100].Select((_, i) => i % 10).ToArray(), 4, 7, 1).BatchesPerEpoch);
        Assert.Equal(9, new PkSampler(new int[100].Select((_, i) => i % 10).ToArray(), 4, 7, 1, 9).Epoch(0).Length);
    }

    [Fact]
    public void AnEpochDependsOnSeedAndNumberAlone()
    {
        int[] labels = LongTail(9);
        var sampler = new PkSampler(labels, 3, 2, 5);
        sampler.Epoch(0);
        Assert.Equal(new PkSampler(labels, 3, 2, 5).Epoch(4), sampler.Epoch(4));
        Assert.NotEqual(sampler.Epoch(3), sampler.Epoch(4));
    }

    [Fact]
    public void FewerThanPIdentitiesAreRefused()
    {
        var e = Assert.Throws<UsageException>(() => new PkSampler([0, 0, 1], 3, 2, 1));
        Assert.Contains("wants 3 identities, but the data has 2", e.Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => new PkSampler([0, 1], 0, 2, 1));
        Assert.Throws<UsageException>(() => new PkSampler([0, 1], 1, 2, 1, 0));
    }

    // Identity i has i + 1 images.
    private static int[] LongTail(int identities) => [.. Enumerable.Range(0, identities).SelectMany(identity => Enumerable.Repeat(identity, identity + 1))];
}
