using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class ShuffleSamplerTests
{
    [Fact]
    public void EachImageComesAtMostOnceAndThePartialBatchIsDropped()
    {
        var sampler = new ShuffleSampler(new int[103], 10, 1);
        int[][] batches = sampler.Epoch(0);
        Assert.Equal(10, sampler.BatchesPerEpoch);
        Assert.All(batches, batch => Assert.Equal(10, batch.Length));
        Assert.Equal(100, batches.SelectMany(batch => batch).Distinct().Count());
        Assert.All(batches.SelectMany(batch => batch), index => Assert.InRange(index, 0, 102));
    }

    [Fact]
    public void FewerImagesThanABatchMakeOneSmallBatch()
    {
        var sampler = new ShuffleSampler(new int[7], 64, 1);
        Assert.Equal((7, 1), (sampler.BatchSize, sampler.BatchesPerEpoch));
        Assert.Equal(Enumerable.Range(0, 7), Assert.Single(sampler.Epoch(0)).Order());
    }

    [Fact]
    public void AnEpochDependsOnSeedAndNumberAlone()
    {
        var sampler = new ShuffleSampler(new int[50], 10, 5);
        sampler.Epoch(7);
        Assert.Equal(new ShuffleSampler(new int[50], 10, 5).Epoch(3), sampler.Epoch(3));
        Assert.NotEqual(sampler.Epoch(2), sampler.Epoch(3));
        Assert.NotEqual(new ShuffleSampler(new int[50], 10, 6).Epoch(3), sampler.Epoch(3));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<UsageException>(() => new ShuffleSampler(new int[5], 0, 1));
        Assert.Throws<UsageException>(() => new ShuffleSampler([], 4, 1));
    }
}
