using CsCheck;
using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class WeightedSamplerTests
{
    private static readonly int[] Labels = LongTail.Of(1, 2, 7, 90);

    [Fact]
    public void AnEpochIsAsLongAsTheShuffledOne()
    {
        var plain = new ShuffleSampler(Labels, 12, 1);
        var sampler = new WeightedSampler(Labels, IdentityDistribution.ClassBalanced, 12, 1);
        Assert.Equal((plain.BatchSize, plain.BatchesPerEpoch), (sampler.BatchSize, sampler.BatchesPerEpoch));
        Assert.All(sampler.Epoch(0), batch => Assert.Equal(12, batch.Length));
        Assert.Equal(8, sampler.Epoch(0).Length);
    }

    [Fact]
    public void ClassBalancedShowsEachIdentityExactlyAsOften() =>
        Assert.Equal([24, 24, 24, 24], LongTail.Visits(new WeightedSampler(Labels, IdentityDistribution.ClassBalanced, 12, 1).Epoch(3), Labels));

    [Fact]
    public void EachIdentityComesAsOftenAsItsShareSays() => Gen.Select(Gen.Int[1, 60].Array[2, 10], Gen.Double[0, 0.999], Gen.Int[1, 16], Gen.ULong).Sample((counts, beta, batch, seed) =>
    {
        int[] labels = LongTail.Of(counts);
        var sampler = new WeightedSampler(labels, n => IdentityDistribution.EffectiveNumber(n, beta), batch, seed);
        int[] visits = LongTail.Visits(sampler.Epoch(1), labels);
        double[] shares = IdentityDistribution.EffectiveNumber(counts, beta);
        for (int i = 0; i < counts.Length; i++)
        {
            double expected = shares[i] * sampler.BatchSize * sampler.BatchesPerEpoch;
            Assert.InRange(visits[i], (int)Math.Floor(expected - 1e-9), (int)Math.Ceiling(expected + 1e-9));
        }
    });

    [Fact]
    public void NoImageIsRepeatedBeforeAllOfItsIdentityWereShown()
    {
        int[] images = [.. new WeightedSampler(Labels, IdentityDistribution.SquareRoot, 10, 5).Epoch(0).SelectMany(batch => batch)];
        foreach (IGrouping<int, int> identity in images.GroupBy(image => Labels[image]))
        {
            int all = Labels.Count(label => label == identity.Key);
            int[] shown = [.. identity.CountBy(image => image).Select(pair => pair.Value)];
            Assert.Equal(Math.Min(all, identity.Count()), shown.Length);
            Assert.InRange(shown.Max() - shown.Min(), 0, 1);
        }
    }

    [Fact]
    public void AnEpochDependsOnSeedAndNumberAlone()
    {
        WeightedSampler Make(ulong seed) => new(Labels, IdentityDistribution.SquareRoot, 10, seed);
        WeightedSampler sampler = Make(5);
        sampler.Epoch(0);
        Assert.Equal(Make(5).Epoch(4), sampler.Epoch(4));
        Assert.NotEqual(sampler.Epoch(3), sampler.Epoch(4));
        Assert.NotEqual(Make(6).Epoch(4), sampler.Epoch(4));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<UsageException>(() => new WeightedSampler(Labels, IdentityDistribution.SquareRoot, 0, 1));
        Assert.Throws<UsageException>(() => new WeightedSampler([], IdentityDistribution.SquareRoot, 4, 1));
    }
}
