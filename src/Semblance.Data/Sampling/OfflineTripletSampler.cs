using System.Numerics.Tensors;
using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// FaceNet's offline selection (Schroff et al. 2015, §3.2): every few epochs the current model embeds a subset of the data, and triplets are chosen
/// from it for the epochs that follow: all anchor–positive pairs (in both roles), each with a semi-hard negative. Rows 3i, 3i + 1 and 3i + 2 of a
/// batch are anchor, positive and negative. Pairs without such a negative are left out; where none at all has one, each pair gets its nearest.
/// </summary>
public sealed class OfflineTripletSampler : IModelSampler
{
    private const ulong SubsetPurpose = 0x53_55_42;
    private const ulong NegativePurpose = 0x4E_45_47;
    private const ulong OrderPurpose = 0x54_52_49;
    private readonly IdentityPhotos _photos;
    private readonly OfflineTripletOptions _options;
    private readonly ulong _seed;

    // The epoch of the selection, then image indices of triplets in random order.
    private int[] _plan = [];

    /// <summary>Creates the sampler; it has no plan before the first refresh.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="batchSize">Images in a batch, at least 3; rounded down to whole triplets.</param>
    /// <param name="options">How triplets are selected.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="UsageException">A number is out of range, or the data has no triplet.</exception>
    public OfflineTripletSampler(int[] labels, int batchSize, OfflineTripletOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        if (batchSize < 3)
        {
            throw new UsageException($"batch is {batchSize}; triplets need 3 or more.");
        }

        if (!(options.Margin > 0) || options.Identities < 2 || options.ImagesPerIdentity < 2 || options.RefreshEpochs < 1)
        {
            throw new UsageException(FormattableString.Invariant(
                $"margin is {options.Margin}, identities {options.Identities}, images per identity {options.ImagesPerIdentity}, refresh epochs {options.RefreshEpochs}; expected a margin above 0, 2 or more identities and images, 1 or more epochs."));
        }

        _photos = new IdentityPhotos(labels);
        if (_photos.Count < 2 || _photos.Counts.Max() < 2)
        {
            throw new UsageException("the data has no triplet: it takes two identities, one of them with two images.");
        }

        (_options, _seed) = (options, seed);
        BatchSize = batchSize / 3 * 3;
        BatchesPerEpoch = Math.Max(1, labels.Length / BatchSize);
    }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    /// <remarks>As many as the images of the set fill, at least 1, however many triplets were selected.</remarks>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Plan => _plan;

    private int TripletsPerEpoch => BatchesPerEpoch * BatchSize / 3;

    /// <inheritdoc/>
    public bool RefreshesBefore(int stageEpoch) => stageEpoch % _options.RefreshEpochs == 0;

    /// <inheritdoc/>
    public string Refresh(int epoch, IModelView model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        int[][] subset = Subset(epoch);
        int[] images = [.. subset.SelectMany(photos => photos)];
        int[] owner = [.. subset.SelectMany((photos, identity) => Enumerable.Repeat(identity, photos.Length))];
        float[][] embeddings = model.Embed(images, cancellationToken);
        var chosen = new List<(int Anchor, int Positive, int Negative)>[images.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, images.Length, options, anchor => chosen[anchor] = OfAnchor(epoch, anchor, owner, embeddings));

        (int Anchor, int Positive, int Negative)[] pairs = [.. chosen.SelectMany(triplets => triplets)];
        (int Anchor, int Positive, int Negative)[] found = [.. pairs.Where(triplet => triplet.Negative >= 0)];
        string outcome = $"{found.Length} triplets from the {pairs.Length} anchor-positive pairs of {images.Length} images of {subset.Length} identities";
        if (found.Length == 0)
        {
            outcome += "; no negative lies where they are looked for, so each pair keeps its nearest";
            found = [.. pairs.Select(triplet => triplet with { Negative = ~triplet.Negative })];
        }

        new CountedRandom(_seed, OrderPurpose, (ulong)epoch).Shuffle<(int, int, int)>(found);
        long used = Math.Min(found.Length, (long)TripletsPerEpoch * _options.RefreshEpochs);
        _plan = [epoch, .. found.Take((int)used).SelectMany(triplet => new[] { images[triplet.Anchor], images[triplet.Positive], images[triplet.Negative] })];
        return outcome;
    }

    /// <inheritdoc/>
    public void Restore(int[] plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int images = _photos.Counts.Sum();
        if (plan.Length < 4 || plan.Length % 3 != 1 || plan.Skip(1).Any(image => image < 0 || image >= images))
        {
            throw new SemblanceException("the checkpoint's triplets do not fit this run; its config or its data has changed: start a new run.");
        }

        _plan = plan;
    }

    /// <inheritdoc/>
    /// <remarks>Epochs after one selection take their triplets one after the other; where they run out, they begin again.</remarks>
    /// <exception cref="InvalidOperationException">There is no plan yet.</exception>
    public int[][] Epoch(int epoch)
    {
        if (_plan.Length == 0)
        {
            throw new InvalidOperationException("Refresh must come before the first epoch.");
        }

        int triplets = (_plan.Length - 1) / 3;
        long first = (long)(epoch - _plan[0]) * TripletsPerEpoch;
        int[][] batches = new int[BatchesPerEpoch][];
        for (int b = 0; b < batches.Length; b++)
        {
            int[] batch = batches[b] = new int[BatchSize];
            for (int row = 0; row < batch.Length; row += 3, first++)
            {
                _plan.AsSpan(1 + ((int)(first % triplets) * 3), 3).CopyTo(batch.AsSpan(row));
            }
        }

        return batches;
    }

    // People with two photos or more come first; others serve as negatives where there is room.
    private int[][] Subset(int epoch)
    {
        var random = new CountedRandom(_seed, SubsetPurpose, (ulong)epoch);
        int[] identities = [.. Enumerable.Range(0, _photos.Count)];
        random.Shuffle<int>(identities);
        int[] taken = [.. identities.OrderBy(identity => _photos[identity].Length > 1 ? 0 : 1).Take(_options.Identities)];
        int[][] subset = new int[taken.Length][];
        for (int i = 0; i < taken.Length; i++)
        {
            subset[i] = new int[Math.Min(_photos[taken[i]].Length, _options.ImagesPerIdentity)];
            _photos.Draw(taken[i], subset[i], ref random);
        }

        return subset;
    }

    // A triplet for each positive; where no negative fits, the bitwise complement of the nearest.
    private List<(int Anchor, int Positive, int Negative)> OfAnchor(int epoch, int anchor, int[] owner, float[][] embeddings)
    {
        var random = new CountedRandom(_seed, NegativePurpose, (ulong)epoch, (ulong)anchor);
        float[] distances = new float[owner.Length];
        int nearest = -1;
        for (int other = 0; other < owner.Length; other++)
        {
            // Of unit rows: ‖a − b‖² = 2 − 2 a·b.
            distances[other] = 2 - (2 * TensorPrimitives.Dot<float>(embeddings[anchor], embeddings[other]));
            if (owner[other] != owner[anchor] && (nearest < 0 || distances[other] < distances[nearest]))
            {
                nearest = other;
            }
        }

        var triplets = new List<(int, int, int)>();
        var fitting = new List<int>();
        for (int positive = 0; positive < owner.Length; positive++)
        {
            if (positive == anchor || owner[positive] != owner[anchor])
            {
                continue;
            }

            double low = _options.Negatives == OfflineNegatives.SemiHard ? distances[positive] : double.NegativeInfinity;
            double high = distances[positive] + _options.Margin;
            fitting.Clear();
            for (int other = 0; other < owner.Length; other++)
            {
                if (owner[other] != owner[anchor] && distances[other] > low && distances[other] < high)
                {
                    fitting.Add(other);
                }
            }

            int negative = fitting.Count == 0 ? ~nearest
                : _options.Negatives == OfflineNegatives.Hardest ? nearest
                : fitting[random.NextInt(fitting.Count)];
            triplets.Add((anchor, positive, negative));
        }

        return triplets;
    }
}
