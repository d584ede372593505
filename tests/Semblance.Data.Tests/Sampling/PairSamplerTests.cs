using CsCheck;
using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class PairSamplerTests
{
    [Fact]
    public void HalfOfThePairsShowOnePersonInTwoPhotosAndHalfTwoPeople() => Gen.Select(Gen.Int[1, 9].Array[2, 12], Gen.Int[2, 20], Gen.ULong).Sample((counts, batchSize, seed) =>
    {
        counts[0]++;
        int[] labels = LongTail.Of(counts);
        var sampler = new PairSampler(labels, batchSize, 0.5, seed);
        int[][] batches = sampler.Epoch(1);
        int pairs = 0;
        int same = 0;
        foreach (int[] batch in batches)
        {
            Assert.Equal(batchSize / 2 * 2, batch.Length);
            foreach (int[] pair in batch.Chunk(2))
            {
                Assert.NotEqual(pair[0], pair[1]);
                pairs++;
                same += labels[pair[0]] == labels[pair[1]] ? 1 : 0;
            }

            // Exactly half after each batch; an odd number of pairs makes up for it in the next one.
            Assert.Equal((pairs + 1) / 2, same);
        }
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 2)]
    [InlineData(1, 8)]
    public void TheShareCanBeChosen(double share, int same)
    {
        int[] labels = LongTail.Of(8, 8, 8);
        int[] batch = new PairSampler(labels, 16, share, 1).Epoch(0)[0];
        Assert.Equal(same, batch.Chunk(2).Count(pair => labels[pair[0]] == labels[pair[1]]));
    }

    [Fact]
    public void FirstPhotosGoThroughTheWholeSetBeforeAnyComesAgain()
    {
        int[] labels = LongTail.Of(1, 1, 1, 5, 4);
        var different = new PairSampler(labels, 2, 0, 7);
        Assert.Equal(6, different.BatchesPerEpoch);
        Assert.Equal(6, different.Epoch(0).Select(batch => batch[0]).Distinct().Count());

        // Those of positive pairs: the nine photos of people with two or more.
        int[] firsts = [.. Enumerable.Range(0, 1).SelectMany(_ => new PairSampler(LongTail.Of([1, 1, 1, 5, 4, .. new int[30].Select(_ => 1)]), 2, 1, 7).Epoch(0)).Select(batch => batch[0])];
        Assert.Equal(9, firsts.Take(9).Distinct().Count());
        Assert.Equal(9, firsts.Skip(9).Take(9).Distinct().Count());
    }

    [Fact]
    public void EveryPartnerThatFitsIsAsLikely()
    {
        // One person with four photos: of 12 ordered pairs each should come as often; five standard deviations of a count.
        int[] labels = LongTail.Of([4, .. new int[3996].Select(_ => 1)]);
        int[] keys = [.. Enumerable.Range(0, 6).SelectMany(epoch => new PairSampler(labels, 2, 1, 3).Epoch(epoch)).Select(batch => (batch[0] * 4) + batch[1])];
        Dictionary<int, int> seen = keys.CountBy(key => key).ToDictionary();
        Assert.Equal(12, seen.Count);
        double mean = keys.Length / 12.0;
        Assert.All(seen.Values, count => Assert.Equal(mean, count, 5 * Math.Sqrt(mean)));
    }

    [Fact]
    public void AnEpochDependsOnSeedAndNumberAlone()
    {
        int[] labels = LongTail.Of(2, 5, 9, 14, 3);
        var sampler = new PairSampler(labels, 8, 0.5, 5);
        sampler.Epoch(0);
        Assert.Equal(new PairSampler(labels, 8, 0.5, 5).Epoch(4), sampler.Epoch(4));
        Assert.NotEqual(sampler.Epoch(3), sampler.Epoch(4));
    }

    [Fact]
    public void DataWithoutSuchPairsIsRefused()
    {
        Assert.Contains("no identity has two images", Assert.Throws<UsageException>(() => new PairSampler([0, 1, 2], 2, 0.5, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("no pairs of two people", Assert.Throws<UsageException>(() => new PairSampler([0, 0, 0], 2, 0.5, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => new PairSampler([0, 0, 1], 1, 0.5, 1));
        Assert.Throws<UsageException>(() => new PairSampler([0, 0, 1], 2, 1.1, 1));
    }
}
