using Semblance.Data.Sampling;

namespace Semblance.Data.Tests.Sampling;

public sealed class HardIdentitySamplerTests
{
    // Six people in three pairs of look-alikes: (0, 3), (1, 4), (2, 5).
    private static readonly double[] Places = [0, 120, 240, 10, 130, 250];
    private static readonly int[] Labels = LongTail.Of(3, 1, 4, 2, 5, 3);

    private static double[] PhotoAngles => [.. Labels.Select((label, image) => Places[label] + (image % 3))];

    [Theory]
    [InlineData(CentreSource.Objective)]
    [InlineData(CentreSource.Embeddings)]
    [InlineData(CentreSource.Auto)]
    public void BatchesArePairsOfLookAlikes(CentreSource source)
    {
        var sampler = new HardIdentitySampler(Labels, 4, 2, new HardIdentityOptions { Centres = source }, 1, batchesPerEpoch: 9);
        sampler.Refresh(0, new FixedModel(PhotoAngles, source == CentreSource.Embeddings ? null : Places), CancellationToken.None);
        Assert.Equal([3, 4, 5, 0, 1, 2], sampler.Plan);
        foreach (int[] batch in sampler.Epoch(0))
        {
            int[] identities = [.. batch.Chunk(2).Select(images => Labels[images[0]])];
            Assert.Equal(4, identities.Distinct().Count());
            Assert.All(identities.Chunk(2), pair => Assert.Equal(3, Math.Abs(pair[0] - pair[1])));
            Assert.All(batch.Chunk(2), images => Assert.Equal(Labels[images[0]], Labels[images[1]]));
        }
    }

    [Fact]
    public void TheObjectivesCentresComeBeforeMeanEmbeddings()
    {
        // Centres say that 0 looks like 1; embeddings would say 3.
        double[] centres = [0, 1, 180, 200, 90, 270];
        var model = new FixedModel(PhotoAngles, centres);
        var sampler = new HardIdentitySampler(Labels, 2, 2, new HardIdentityOptions(), 1);
        Assert.Contains("class centres", sampler.Refresh(0, model, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(1, sampler.Plan[0]);
        Assert.Empty(model.Asked);
        var without = new HardIdentitySampler(Labels, 2, 2, new HardIdentityOptions { Centres = CentreSource.Objective }, 1);
        Assert.Contains("centres: embeddings", Assert.Throws<UsageException>(() => without.Refresh(0, new FixedModel(PhotoAngles), CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryIdentityLeadsAGroupBeforeAnyLeadsAgain()
    {
        var sampler = new HardIdentitySampler(Labels, 2, 1, new HardIdentityOptions(), 1, batchesPerEpoch: 12);
        sampler.Refresh(0, new FixedModel(PhotoAngles, Places), CancellationToken.None);
        int[] leaders = [.. sampler.Epoch(5).Select(batch => Labels[batch[0]])];
        Assert.Equal(6, leaders.Take(6).Distinct().Count());
        Assert.Equal(6, leaders.Skip(6).Distinct().Count());
    }

    [Fact]
    public void LookAlikesAreDrawnAmongTheNearest()
    {
        var sampler = new HardIdentitySampler(Labels, 2, 1, new HardIdentityOptions { Neighbours = 3 }, 1, batchesPerEpoch: 600);
        sampler.Refresh(0, new FixedModel(PhotoAngles, [0, 10, 21, 33, 170, 190]), CancellationToken.None);
        int[] ofZero = [.. sampler.Epoch(0).Where(batch => Labels[batch[0]] == 0).Select(batch => Labels[batch[1]])];
        Dictionary<int, int> seen = ofZero.CountBy(label => label).ToDictionary();
        Assert.Equal([1, 2, 3], seen.Keys.Order());
        Assert.All(seen.Values, count => Assert.Equal(100 / 3.0, count, 5 * Math.Sqrt(100 * 2 / 9.0)));
    }

    [Fact]
    public void AGroupMayFillTheWholeBatchAndABatchMayEndInAPartOfOne()
    {
        var whole = new HardIdentitySampler(Labels, 3, 1, new HardIdentityOptions { Group = 3 }, 1, batchesPerEpoch: 6);
        whole.Refresh(0, new FixedModel(PhotoAngles, [0, 10, 21, 33, 170, 190]), CancellationToken.None);
        Assert.All(whole.Epoch(0).Where(batch => Labels[batch[0]] == 0), batch => Assert.Equal([0, 1, 2], batch.Select(image => Labels[image])));
        var odd = new HardIdentitySampler(Labels, 3, 1, new HardIdentityOptions(), 1, batchesPerEpoch: 6);
        odd.Refresh(0, new FixedModel(PhotoAngles, Places), CancellationToken.None);
        Assert.All(odd.Epoch(0), batch => Assert.Equal(3, batch.Select(image => Labels[image]).Distinct().Count()));
    }

    [Fact]
    public void MeansAreTakenOverAsManyPhotosAsAreAskedFor()
    {
        var model = new FixedModel(PhotoAngles);
        new HardIdentitySampler(Labels, 2, 2, new HardIdentityOptions { MeanImages = 2 }, 1).Refresh(0, model, CancellationToken.None);
        Assert.Equal([2, 1, 2, 2, 2, 2], Enumerable.Range(0, 6).Select(identity => model.Asked.Count(image => Labels[image] == identity)));
        Assert.Equal(model.Asked.Count, model.Asked.Distinct().Count());
    }

    [Fact]
    public void TheBatchesFollowFromThePlanAlone()
    {
        var sampler = new HardIdentitySampler(Labels, 4, 2, new HardIdentityOptions { RefreshEpochs = 3 }, 1);
        Assert.Throws<InvalidOperationException>(() => sampler.Epoch(0));
        sampler.Refresh(0, new FixedModel(PhotoAngles, Places), CancellationToken.None);
        var resumed = new HardIdentitySampler(Labels, 4, 2, new HardIdentityOptions { RefreshEpochs = 3 }, 1);
        resumed.Restore([.. sampler.Plan]);
        Assert.Equal(sampler.Epoch(2), resumed.Epoch(2));
        Assert.NotEqual(sampler.Epoch(1), sampler.Epoch(2));
        Assert.Equal([true, false, false, true], Enumerable.Range(0, 4).Select(sampler.RefreshesBefore));
        Assert.Throws<SemblanceException>(() => resumed.Restore([0, 1]));
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<UsageException>(() => new HardIdentitySampler(Labels, 4, 2, new HardIdentityOptions { Group = 1 }, 1));
        Assert.Throws<UsageException>(() => new HardIdentitySampler(Labels, 4, 2, new HardIdentityOptions { Group = 3, Neighbours = 1 }, 1));
        Assert.Throws<UsageException>(() => new HardIdentitySampler(Labels, 7, 2, new HardIdentityOptions(), 1));
        Assert.Throws<UsageException>(() => new HardIdentitySampler([0, 0], 1, 2, new HardIdentityOptions(), 1));
    }
}
