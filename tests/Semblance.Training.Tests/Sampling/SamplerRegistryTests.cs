using Semblance.Data.Sampling;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;

namespace Semblance.Training.Tests.Sampling;

public sealed class SamplerRegistryTests
{
    // 12 people: i + 1 photos of person i.
    private static readonly int[] Labels = [.. Enumerable.Range(0, 12).SelectMany(identity => Enumerable.Repeat(identity, identity + 1))];

    public static TheoryData<string> Names => [.. SamplerRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void MakesEverySamplerWithItsDefaultsAndWithEachDefaultAsItIsWritten(string name)
    {
        Assert.InRange(Create(name).BatchesPerEpoch, 1, 78);
        foreach (ObjectiveParameter parameter in SamplerRegistry.Describe(name).Parameters)
        {
            Assert.NotEmpty(parameter.Description);
            if (parameter is not WholeParameter { Default: null })
            {
                _ = Create(name, (parameter.Name, parameter.DefaultText));
            }
        }
    }

    [Theory]
    [InlineData("auto", 0, false, typeof(ShuffleSampler), 16)]
    [InlineData("auto", 0, true, typeof(PkSampler), 16)]
    [InlineData("auto", 2, false, typeof(PkSampler), 16)]
    [InlineData("pk", 0, false, typeof(PkSampler), 16)]
    [InlineData("pk", 8, true, typeof(PkSampler), 16)]
    [InlineData("shuffle", 0, true, typeof(ShuffleSampler), 16)]
    [InlineData("class-balanced", 0, false, typeof(WeightedSampler), 16)]
    [InlineData("class-balanced", 0, true, typeof(WeightedPkSampler), 16)]
    [InlineData("square-root", 5, false, typeof(WeightedPkSampler), 15)]
    [InlineData("effective-number", 0, false, typeof(WeightedSampler), 16)]
    [InlineData("hard-identities", 0, false, typeof(HardIdentitySampler), 16)]
    [InlineData("deepid2-pairs", 0, true, typeof(PairSampler), 16)]
    [InlineData("facenet-offline", 0, true, typeof(OfflineTripletSampler), 15)]
    public void TheStageDecidesWhereTheSamplerIsNotTold(string name, int imagesPerIdentity, bool comparesPhotos, Type type, int batch)
    {
        IBatchSampler sampler = SamplerRegistry.Create(
            name, new Dictionary<string, object?>(), new SamplerContext(Labels, 16, 1) { ImagesPerIdentity = imagesPerIdentity, ComparesPhotos = comparesPhotos });
        Assert.Equal((type, batch), (sampler.GetType(), sampler.BatchSize));
    }

    [Fact]
    public void ItsOwnImagesPerIdentityComesFirst()
    {
        var sampler = Assert.IsType<WeightedPkSampler>(Create("square-root", ("images_per_identity", 8)));
        Assert.All(sampler.Epoch(0), batch => Assert.Equal([8, 8], batch.CountBy(image => Labels[image]).Select(pair => pair.Value)));
        Assert.IsType<WeightedSampler>(SamplerRegistry.Create(
            "square-root", new Dictionary<string, object?> { ["images_per_identity"] = 1 }, new SamplerContext(Labels, 16, 1) { ComparesPhotos = true }));
    }

    [Fact]
    public void BetaReachesTheSampler()
    {
        int Largest(double beta) => Create("effective-number", ("beta", beta)).Epoch(0).Sum(batch => batch.Count(image => Labels[image] == 11));
        Assert.InRange(Largest(0), 9, 10);
        Assert.InRange(Largest(0.999999), 5, 6);
    }

    [Theory]
    [InlineData("pq", "did you mean 'pk'?")]
    [InlineData("hard", "did you mean 'hard-identities'?")]
    [InlineData("autto", "did you mean 'auto'?")]
    public void SuggestsTheNearestNameForAnUnknownOne(string name, string expected) => Assert.Contains(expected, Refused(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("pk", "imagesperidentity", 4, "did you mean 'images_per_identity'?")]
    [InlineData("pk", "images_per_identity", 1, "at least 2")]
    [InlineData("pk", "images_per_identity", 2.5, "a whole number")]
    [InlineData("effective-number", "beta", 1, "from 0 to 0.999")]
    [InlineData("shuffle", "images_per_identity", 4, "takes no parameters")]
    [InlineData("auto", "images_per_identity", 4, "takes no parameters")]
    [InlineData("hard-identities", "centres", "midpoints", "one of auto, objective, embeddings")]
    [InlineData("facenet-offline", "refresh_epochs", 0, "at least 1")]
    public void SaysWhatIsAllowed(string name, string key, object value, string expected)
    {
        string message = Refused(name, (key, value));
        Assert.Contains("sampler '" + name, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void NoOptionIsSilentlyWithoutEffect()
    {
        Assert.Contains("no effect", Refused("hard-identities", ("centres", "objective"), ("mean_images", 3)), StringComparison.Ordinal);
        Assert.Contains("needs 3 or more", Refused("hard-identities", ("group", 4), ("neighbours", 2)), StringComparison.Ordinal);
        foreach (string name in new[] { "shuffle", "deepid2-pairs", "facenet-offline" })
        {
            Assert.Contains("no effect", Assert.Throws<UsageException>(() => SamplerRegistry.Check(name, new Dictionary<string, object?>(), 4)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("twice", Assert.Throws<UsageException>(() => SamplerRegistry.Check("pk", new Dictionary<string, object?> { ["images_per_identity"] = 4 }, 4)).Message, StringComparison.Ordinal);
    }

    private static IBatchSampler Create(string name, params (string Key, object? Value)[] parameters) =>
        SamplerRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value), new SamplerContext(Labels, 16, 1));

    private static string Refused(string name, params (string Key, object? Value)[] parameters) => Assert.Throws<UsageException>(() => Create(name, parameters)).Message;
}
