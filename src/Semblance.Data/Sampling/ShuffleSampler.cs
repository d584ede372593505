using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// All images in a new random order each epoch. A last batch that would not be full is dropped (batch norm wants full batches, and another order
/// drops other images), unless it is the only one.
/// </summary>
public sealed class ShuffleSampler : IBatchSampler
{
    private const ulong Purpose = 0x53_48_55_46;
    private readonly int _count;
    private readonly ulong _seed;

    /// <summary>Creates the sampler.</summary>
    /// <param name="labels">The identity of each image; only their number matters here.</param>
    /// <param name="batchSize">Images in a batch, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="UsageException">The batch size is below 1 or there are no images.</exception>
    public ShuffleSampler(int[] labels, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (batchSize < 1)
        {
            throw new UsageException($"batch is {batchSize}; expected 1 or more.");
        }

        if (labels.Length == 0)
        {
            throw new UsageException("there are no images to sample from.");
        }

        (_count, _seed, BatchSize) = (labels.Length, seed, Math.Min(batchSize, labels.Length));
    }

    /// <inheritdoc/>
    /// <remarks>The number of images where there are fewer than a batch.</remarks>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => _count / BatchSize;

    /// <inheritdoc/>
    public int[][] Epoch(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _count)];
        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        random.Shuffle<int>(order);
        return [.. order.Chunk(BatchSize).Take(BatchesPerEpoch)];
    }
}
