using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// Plain batches in which identity i fills a given share pᵢ of an epoch: re-sampling for long tails. An epoch has as many images as the shuffled
/// one. Identity i gets ⌊N·pᵢ⌋ or ⌈N·pᵢ⌉ of them, N·pᵢ in the mean over epochs, spread over its images as evenly as can be: no image is
/// repeated before all of its identity's have been shown.
/// </summary>
public sealed class WeightedSampler : IBatchSampler
{
    private const ulong Purpose = 0x57_45_49_47;
    private readonly IdentityPhotos _photos;
    private readonly double[] _probabilities;
    private readonly ulong _seed;

    /// <summary>Creates the sampler.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="distribution">From the numbers of images of the identities, by ascending label, to their shares: one of <see cref="IdentityDistribution"/>.</param>
    /// <param name="batchSize">Images in a batch, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="UsageException">The batch size is below 1 or there are no images.</exception>
    public WeightedSampler(int[] labels, Func<IReadOnlyList<int>, double[]> distribution, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(distribution);

        // The same numbers as an epoch of the shuffle, and the same refusals.
        var plain = new ShuffleSampler(labels, batchSize, seed);
        (BatchSize, BatchesPerEpoch) = (plain.BatchSize, plain.BatchesPerEpoch);
        _photos = new IdentityPhotos(labels);
        (_probabilities, _seed) = (distribution(_photos.Counts), seed);
    }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    public int[][] Epoch(int epoch)
    {
        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        int total = BatchSize * BatchesPerEpoch;
        int[] counts = SystematicCounts.Draw(_probabilities, total, total, ref random);
        int[] drawn = new int[total];
        int filled = 0;
        for (int identity = 0; identity < counts.Length; identity++)
        {
            int[] images = _photos[identity];
            while (counts[identity] > 0)
            {
                int round = Math.Min(images.Length, counts[identity]);
                _photos.Draw(identity, drawn.AsSpan(filled, round), ref random);
                (filled, counts[identity]) = (filled + round, counts[identity] - round);
            }
        }

        random.Shuffle<int>(drawn);
        return [.. drawn.Chunk(BatchSize)];
    }
}
