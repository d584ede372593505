using Semblance.Laboratory.Experiments;
using Semblance.Training.Tuples;

namespace Semblance.Laboratory.Tests.Experiments;

/// <summary>Distance-weighted draws come from libtorch's generator, hence the collection.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class NegativeSamplingTests
{
    private static readonly Dictionary<string, SampledNegatives> Sampled =
        NegativeSampling.Sample(IdentityEmbeddings.OnSphere(64, seed: 1, identities: 120), seed: 1).ToDictionary(negatives => negatives.Strategy);

    [Fact]
    public void EachHistogramIsADensity() => Assert.All(Sampled.Values, negatives =>
    {
        Assert.True(negatives.Count > 0);
        Assert.Equal(1, negatives.Density.Sum() * NegativeSampling.BinWidth, 1e-9);
        Assert.Equal(negatives.MeanDistance, negatives.Density.Index().Sum(bin => (bin.Index + 0.5) * NegativeSampling.BinWidth * bin.Item * NegativeSampling.BinWidth), NegativeSampling.BinWidth / 2);
    });

    [Fact]
    public void RandomNegativesLieWhereRandomPointsDo()
    {
        double mean = Enumerable.Range(0, 2000).Sum(i => (i + 0.5) * 1e-3 * SphereDistances.Density(64, (i + 0.5) * 1e-3) * 1e-3);

        Assert.Equal(mean, Sampled["random"].MeanDistance, 0.01);
    }

    [Fact]
    public void SemiHardNegativesLieBetweenTheHardestAndTheRandom()
    {
        Assert.InRange(Sampled["semi-hard"].MeanDistance, Sampled["hard"].MeanDistance, Sampled["random"].MeanDistance);
        Assert.True(Sampled["hard"].MeanDistance < Sampled["random"].MeanDistance - 0.1);
    }

    [Fact]
    public void DistanceWeightedNegativesAreSpreadWiderThanHardOnesAndEndAtTheirCutoff()
    {
        static int Width(SampledNegatives negatives) => negatives.Density.Count(density => density > 0.5);
        int cutoff = (int)Math.Round(DistanceWeightedMiner.DefaultNonzeroLossCutoff / NegativeSampling.BinWidth);

        Assert.True(Width(Sampled["distance-weighted"]) > Width(Sampled["hard"]));
        Assert.All(Sampled["distance-weighted"].Density.Skip(cutoff), density => Assert.Equal(0, density));
    }

    [Fact]
    public void TheSameSeedSamplesTheSame()
    {
        IdentityEmbeddings embeddings = IdentityEmbeddings.OnSphere(16, seed: 2, identities: 40);

        IReadOnlyList<SampledNegatives> once = NegativeSampling.Sample(embeddings, seed: 5);
        IReadOnlyList<SampledNegatives> again = NegativeSampling.Sample(embeddings, seed: 5);

        Assert.Equal(once.Select(negatives => negatives.MeanDistance), again.Select(negatives => negatives.MeanDistance));
    }
}
