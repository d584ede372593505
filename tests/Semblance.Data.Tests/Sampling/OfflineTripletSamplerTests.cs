using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class OfflineTripletSamplerTests
{
    private static readonly int[] Labels = LongTail.Of(6, 6, 6, 6, 1);
    private static readonly double[] Angles = [.. Labels.Select((label, image) => (label * 41) + (image % 6 * 7.3) + (image * 0.011))];

    [Theory]
    [InlineData(OfflineNegatives.SemiHard)]
    [InlineData(OfflineNegatives.Violating)]
    [InlineData(OfflineNegatives.Hardest)]
    public void TripletsAreThosePairsThatHaveANegativeWhereItIsLookedFor(OfflineNegatives negatives)
    {
        const double Margin = 0.05;
        var sampler = Make(new OfflineTripletOptions { Margin = Margin, Negatives = negatives, RefreshEpochs = 1000 });
        sampler.Refresh(0, new FixedModel(Angles), CancellationToken.None);
        (int A, int P, int N)[] triplets = [.. sampler.Plan.Skip(1).Chunk(3).Select(t => (t[0], t[1], t[2]))];

        // Every ordered pair, by naive loops.
        var expected = new HashSet<(int, int)>();
        for (int a = 0; a < Labels.Length; a++)
        {
            for (int p = 0; p < Labels.Length; p++)
            {
                if (a != p && Labels[a] == Labels[p] && Enumerable.Range(0, Labels.Length).Any(n => Fits(a, p, n)))
                {
                    expected.Add((a, p));
                }
            }
        }

        Assert.InRange(expected.Count, 1, 119);
        Assert.Equal(expected, triplets.Select(t => (t.A, t.P)).ToHashSet());
        Assert.Equal(expected.Count, triplets.Length);
        Assert.All(triplets, t => Assert.True(Fits(t.A, t.P, t.N)));
        if (negatives == OfflineNegatives.Hardest)
        {
            Assert.All(triplets, t => Assert.Equal(Enumerable.Range(0, Labels.Length).Where(n => Labels[n] != Labels[t.A]).Min(n => Distance(t.A, n)), Distance(t.A, t.N), 1e-12));
        }

        bool Fits(int a, int p, int n) => Labels[n] != Labels[a] && Distance(a, n) < Distance(a, p) + Margin
            && (negatives != OfflineNegatives.SemiHard || Distance(a, n) > Distance(a, p));
    }

    [Fact]
    public void WhereNoNegativeFitsEachPairKeepsItsNearest()
    {
        var sampler = Make(new OfflineTripletOptions { Margin = 0.001, RefreshEpochs = 1000 });
        string outcome = sampler.Refresh(0, new FixedModel([.. Labels.Select((label, image) => (label * 60.0) + (image * 0.01))]), CancellationToken.None);
        Assert.Contains("nearest", outcome, StringComparison.Ordinal);
        Assert.Equal(4 * 30 * 3, sampler.Plan.Count - 1);
        Assert.All(sampler.Plan.Skip(1).Chunk(3), t => Assert.True(Labels[t[0]] == Labels[t[1]] && Labels[t[0]] != Labels[t[2]]));
    }

    [Fact]
    public void BatchesAreWholeTripletsTakenOneAfterTheOther()
    {
        var sampler = new OfflineTripletSampler(Labels, 11, new OfflineTripletOptions { RefreshEpochs = 2 }, 1);
        sampler.Refresh(4, new FixedModel(Angles), CancellationToken.None);
        Assert.Equal((9, 2), (sampler.BatchSize, sampler.BatchesPerEpoch));
        int[] shown = [.. sampler.Epoch(4).Concat(sampler.Epoch(5)).SelectMany(batch => batch)];
        Assert.Equal(sampler.Plan.Skip(1), shown);
        Assert.Equal(12, shown.Chunk(3).Select(t => (t[0], t[1], t[2])).Distinct().Count());
    }

    [Fact]
    public void FewTripletsComeAgain()
    {
        int[] labels = LongTail.Of([2, .. new int[20].Select(_ => 1)]);
        var sampler = new OfflineTripletSampler(labels, 6, new OfflineTripletOptions(), 1);
        sampler.Refresh(0, new FixedModel([.. labels.Select((_, image) => image * 3.0)]), CancellationToken.None);
        int[] shown = [.. sampler.Epoch(0).SelectMany(batch => batch)];
        Assert.Equal(18, shown.Length);
        Assert.InRange(shown.Chunk(3).Select(t => (t[0], t[1])).Distinct().Count(), 1, 2);
    }

    [Fact]
    public void TheSubsetHasAsManyIdentitiesAndPhotosAsAreAskedFor()
    {
        var model = new FixedModel(Angles);
        Make(new OfflineTripletOptions { Identities = 3, ImagesPerIdentity = 4 }).Refresh(0, model, CancellationToken.None);
        Assert.Equal([4, 4, 4], model.Asked.CountBy(image => Labels[image]).Select(pair => pair.Value));
        Assert.DoesNotContain(24, model.Asked);
        var another = new FixedModel(Angles);
        Make(new OfflineTripletOptions { Identities = 3, ImagesPerIdentity = 4 }).Refresh(1, another, CancellationToken.None);
        Assert.NotEqual(model.Asked, another.Asked);
    }

    [Fact]
    public void TheBatchesFollowFromThePlanAlone()
    {
        OfflineTripletSampler sampler = Make(new OfflineTripletOptions { RefreshEpochs = 3 });
        Assert.Throws<InvalidOperationException>(() => sampler.Epoch(0));
        sampler.Refresh(3, new FixedModel(Angles), CancellationToken.None);
        OfflineTripletSampler again = Make(new OfflineTripletOptions { RefreshEpochs = 3 });
        again.Refresh(3, new FixedModel(Angles), CancellationToken.None);
        Assert.Equal(sampler.Plan, again.Plan);
        OfflineTripletSampler resumed = Make(new OfflineTripletOptions { RefreshEpochs = 3 });
        resumed.Restore([.. sampler.Plan]);
        Assert.Equal(sampler.Epoch(5), resumed.Epoch(5));
        Assert.Throws<SemblanceException>(() => resumed.Restore([0, 1, 2]));
        Assert.Throws<SemblanceException>(() => resumed.Restore([0, 1, 2, 99]));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<UsageException>(() => new OfflineTripletSampler(Labels, 2, new OfflineTripletOptions(), 1));
        Assert.Throws<UsageException>(() => Make(new OfflineTripletOptions { Margin = 0 }));
        Assert.Throws<UsageException>(() => Make(new OfflineTripletOptions { Identities = 1 }));
        Assert.Contains("no triplet", Assert.Throws<UsageException>(() => new OfflineTripletSampler([0, 1, 2], 3, new OfflineTripletOptions(), 1)).Message, StringComparison.Ordinal);
    }

    private static OfflineTripletSampler Make(OfflineTripletOptions options) => new(Labels, 9, options, 1);

    // ‖a − b‖² of unit vectors.
    private static double Distance(int a, int b) => 2 - (2 * Math.Cos((Angles[a] - Angles[b]) * Math.PI / 180));
}
