using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// Batches of image pairs, for verification on exactly these pairs (DeepID2, Sun et al. 2014, "Deep Learning Face Representation by Joint
/// Identification-Verification": each step samples pairs of faces, both of which are also classified). Rows 2i and 2i + 1 of a batch are a pair.
/// A given share of the pairs shows one person twice, two different photos; the rest shows two people. First photos go through the set in
/// random order, those of the positive pairs through the photos of people who have two or more; the partner is drawn among all that fit.
/// </summary>
public sealed class PairSampler : IBatchSampler
{
    private const ulong Purpose = 0x50_41_49_52;
    private readonly int[] _labels;
    private readonly Dictionary<int, int[]> _byLabel;
    private readonly int[] _repeated;
    private readonly double _sameShare;
    private readonly ulong _seed;

    /// <summary>Creates the sampler.</summary>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="batchSize">Images in a batch, at least 2; an odd number is rounded down.</param>
    /// <param name="sameShare">The share of pairs that show one person, from 0 to 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="UsageException">A number is out of range, or the data has no pair of a kind that is asked for.</exception>
    public PairSampler(int[] labels, int batchSize, double sameShare, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (batchSize < 2)
        {
            throw new UsageException($"batch is {batchSize}; pairs need 2 or more.");
        }

        if (!(sameShare is >= 0 and <= 1))
        {
            throw new UsageException(FormattableString.Invariant($"the share of pairs of one person is {sameShare}; expected a number from 0 to 1."));
        }

        _byLabel = labels.Index().GroupBy(pair => pair.Item).ToDictionary(group => group.Key, group => group.Select(pair => pair.Index).ToArray());
        _repeated = [.. Enumerable.Range(0, labels.Length).Where(image => _byLabel[labels[image]].Length > 1)];
        if (sameShare > 0 && _repeated.Length == 0)
        {
            throw new UsageException("no identity has two images, so there are no pairs of one person; use data with more images per identity.");
        }

        if (sameShare < 1 && _byLabel.Count < 2)
        {
            throw new UsageException($"the data has {_byLabel.Count} identities, so there are no pairs of two people; use more data.");
        }

        (_labels, _sameShare, _seed) = (labels, sameShare, seed);
        BatchSize = batchSize / 2 * 2;
        BatchesPerEpoch = Math.Max(1, labels.Length / BatchSize);
    }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    /// <remarks>As many as the images of the set fill, at least 1.</remarks>
    public int BatchesPerEpoch { get; }

    /// <inheritdoc/>
    public int[][] Epoch(int epoch)
    {
        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        var same = new Deck(_repeated);
        var different = new Deck([.. Enumerable.Range(0, _labels.Length)]);
        int[][] batches = new int[BatchesPerEpoch][];
        int pairs = 0;
        int samePairs = 0;
        for (int b = 0; b < batches.Length; b++)
        {
            int[] batch = batches[b] = new int[BatchSize];
            pairs += BatchSize / 2;

            // Rounded over the epoch so far: an odd number of pairs gives its halves in turn.
            int wanted = (int)Math.Floor((pairs * _sameShare) + 0.5);
            int positives = wanted - samePairs;
            samePairs = wanted;
            for (int row = 0; row < batch.Length; row += 2)
            {
                bool positive = row / 2 < positives;
                batch[row] = positive ? same.Next(ref random) : different.Next(ref random);
                batch[row + 1] = positive ? OfSamePerson(batch[row], ref random) : OfAnother(batch[row], ref random);
            }
        }

        return batches;
    }

    private int OfSamePerson(int image, ref CountedRandom random)
    {
        int[] images = _byLabel[_labels[image]];
        int drawn = random.NextInt(images.Length - 1);
        return images[drawn] == image ? images[^1] : images[drawn];
    }

    private int OfAnother(int image, ref CountedRandom random)
    {
        while (true)
        {
            int drawn = random.NextInt(_labels.Length);
            if (_labels[drawn] != _labels[image])
            {
                return drawn;
            }
        }
    }

    // Dealt in random order, each once before any is dealt again.
    private sealed class Deck(int[] images)
    {
        private readonly int[] _cards = [.. images];
        private int _next = images.Length;

        public int Next(ref CountedRandom random)
        {
            if (_next == _cards.Length)
            {
                random.Shuffle<int>(_cards);
                _next = 0;
            }

            return _cards[_next++];
        }
    }
}
