using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// Batches of P identities with K images each (FaceNet, Schroff et al. 2015; P×K after Hermans et al. 2017), for objectives that compare images
/// within a batch. Identities are visited in random order, each once before any is visited again. An identity with fewer than K images is not
/// dropped: it gives all of them and fills up by drawing among them with replacement.
/// </summary>
public sealed class PkSampler : IBatchSampler
{
    private const ulong Purpose = 0x50_4B;
    private readonly IdentityPhotos _photos;
    private readonly IdentityBatch _shape;
    private readonly ulong _seed;

    /// <summary>Creates the sampler.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="identitiesPerBatch">P, at least 1.</param>
    /// <param name="imagesPerIdentity">K, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch; by default the number of images divided by P·K, rounded up.</param>
    /// <exception cref="UsageException">A number is below 1, or there are fewer than P identities.</exception>
    public PkSampler(int[] labels, int identitiesPerBatch, int imagesPerIdentity, ulong seed, int? batchesPerEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _photos = new IdentityPhotos(labels);
        _shape = IdentityBatch.Of(_photos, labels.Length, identitiesPerBatch, imagesPerIdentity, batchesPerEpoch);
        _seed = seed;
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
        var rounds = new IdentityRounds(_photos.Count);
        int[][] batches = new int[BatchesPerEpoch][];
        for (int b = 0; b < batches.Length; b++)
        {
            var chosen = new HashSet<int>();
            int[] order = new int[_shape.Identities];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = rounds.Next(chosen, ref random);
                _ = chosen.Add(order[i]);
            }

            batches[b] = _photos.Batch(order, _shape.Images, ref random);
        }

        return batches;
    }
}
