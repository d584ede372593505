using Semblance.Numerics;

namespace Semblance.Data;

/// <summary>
/// Batches of P identities with K images each (FaceNet, Schroff et al. 2015; P×K after Hermans et al. 2017), for objectives that compare images
/// within a batch. Identities are visited in random order, each once before any is visited again. An identity with fewer than K images gives
/// all of them and fills up by drawing among them with replacement.
/// </summary>
public sealed class PkSampler : IBatchSampler
{
    private const ulong Purpose = 0x50_4B;
    private readonly int[][] _byIdentity;
    private readonly int _identities;
    private readonly int _images;
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
        if (identitiesPerBatch < 1 || imagesPerIdentity < 1 || batchesPerEpoch < 1)
        {
            throw new UsageException(
                $"identities per batch is {identitiesPerBatch}, images per identity {imagesPerIdentity}, batches per epoch {batchesPerEpoch?.ToString() ?? "unset"}; expected 1 or more of each.");
        }

        _byIdentity = [.. labels.Index().GroupBy(pair => pair.Item).OrderBy(group => group.Key).Select(group => group.Select(pair => pair.Index).ToArray())];
        if (_byIdentity.Length < identitiesPerBatch)
        {
            throw new UsageException($"a batch wants {identitiesPerBatch} identities, but the data has {_byIdentity.Length}; lower the identities per batch or use more data.");
        }

        (_identities, _images, _seed) = (identitiesPerBatch, imagesPerIdentity, seed);
        BatchSize = identitiesPerBatch * imagesPerIdentity;
        BatchesPerEpoch = batchesPerEpoch ?? ((labels.Length + BatchSize - 1) / BatchSize);
    }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    /// <remarks>Images of one identity stand side by side.</remarks>
    public int[][] Epoch(int epoch)
    {
        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        var waiting = new Queue<int>();
        int[][] batches = new int[BatchesPerEpoch][];
        for (int b = 0; b < batches.Length; b++)
        {
            int[] batch = batches[b] = new int[BatchSize];
            int filled = 0;
            foreach (int identity in NextIdentities(waiting, ref random))
            {
                Draw(_byIdentity[identity], batch.AsSpan(filled, _images), ref random);
                filled += _images;
            }
        }

        return batches;
    }

    private List<int> NextIdentities(Queue<int> waiting, ref CountedRandom random)
    {
        var chosen = new List<int>(_identities);
        while (chosen.Count < _identities && waiting.TryDequeue(out int identity))
        {
            chosen.Add(identity);
        }

        if (chosen.Count < _identities)
        {
            // A new round; those that the batch has already wait until the next one.
            int[] round = [.. Enumerable.Range(0, _byIdentity.Length)];
            random.Shuffle<int>(round);
            var taken = chosen.ToHashSet();
            foreach (int identity in round)
            {
                if (chosen.Count < _identities && !taken.Contains(identity))
                {
                    chosen.Add(identity);
                }
                else
                {
                    waiting.Enqueue(identity);
                }
            }
        }

        return chosen;
    }

    private static void Draw(int[] images, Span<int> target, ref CountedRandom random)
    {
        int[] order = [.. images];
        random.Shuffle<int>(order);
        int distinct = Math.Min(order.Length, target.Length);
        order.AsSpan(0, distinct).CopyTo(target);
        for (int i = distinct; i < target.Length; i++)
        {
            target[i] = images[random.NextInt(images.Length)];
        }
    }
}
