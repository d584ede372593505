using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// P×K batches in which identity i fills a given share pᵢ of an epoch's visits (a visit is one identity in one batch): ⌊V·pᵢ⌋ or ⌈V·pᵢ⌉ of the
/// V = P·batches visits, V·pᵢ in the mean. An identity stands in a batch at most once, so none has more visits than there are batches; what its
/// share would give beyond that goes to the others in proportion. Identities with fewer than K images fill up as in <see cref="PkSampler"/>.
/// </summary>
public sealed class WeightedPkSampler : IBatchSampler
{
    private const ulong Purpose = 0x57_50_4B;
    private readonly IdentityPhotos _photos;
    private readonly IdentityBatch _shape;
    private readonly double[] _probabilities;
    private readonly ulong _seed;

    /// <summary>Creates the sampler.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="distribution">From the numbers of images of the identities, by ascending label, to their shares: one of <see cref="IdentityDistribution"/>.</param>
    /// <param name="identitiesPerBatch">P, at least 1.</param>
    /// <param name="imagesPerIdentity">K, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch; by default the number of images divided by P·K, rounded up.</param>
    /// <exception cref="UsageException">A number is below 1, or there are fewer than P identities.</exception>
    public WeightedPkSampler(
        int[] labels, Func<IReadOnlyList<int>, double[]> distribution, int identitiesPerBatch, int imagesPerIdentity, ulong seed, int? batchesPerEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(distribution);
        _photos = new IdentityPhotos(labels);
        _shape = IdentityBatch.Of(_photos, labels.Length, identitiesPerBatch, imagesPerIdentity, batchesPerEpoch);
        (_probabilities, _seed) = (distribution(_photos.Counts), seed);
    }

    /// <inheritdoc/>
    public int BatchSize => _shape.Size;

    /// <inheritdoc/>
    public int BatchesPerEpoch => _shape.Count;

    /// <inheritdoc/>
    /// <remarks>Images of one identity stand side by side.</remarks>
    public int[][] Epoch(int epoch)
    {
        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        int batches = BatchesPerEpoch;
        int[] counts = SystematicCounts.Draw(_probabilities, batches * _shape.Identities, batches, ref random);
        int[] order = [.. Enumerable.Range(0, _photos.Count)];
        random.Shuffle<int>(order);

        // Visits dealt out like cards: those of one identity stand in a row, no longer than there are batches, so no batch gets two of them.
        int[][] epochBatches = [.. Enumerable.Range(0, batches).Select(_ => new int[BatchSize])];
        int visit = 0;
        foreach (int identity in order)
        {
            for (int i = 0; i < counts[identity]; i++, visit++)
            {
                _photos.Draw(identity, epochBatches[visit % batches].AsSpan(visit / batches * _shape.Images, _shape.Images), ref random);
            }
        }

        random.Shuffle<int[]>(epochBatches);
        return epochBatches;
    }
}
