using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>The images of each identity, and how some of them are drawn: what all samplers that look at identities share.</summary>
internal sealed class IdentityPhotos
{
    private readonly int[][] _images;

    /// <summary>Groups images by identity; identities are numbered by ascending label.</summary>
    /// <param name="labels">The identity of each image.</param>
    public IdentityPhotos(int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _images = [.. labels.Index().GroupBy(pair => pair.Item).OrderBy(group => group.Key).Select(group => group.Select(pair => pair.Index).ToArray())];
    }

    /// <summary>Number of identities.</summary>
    public int Count => _images.Length;

    /// <summary>The images of an identity, ascending.</summary>
    public int[] this[int identity] => _images[identity];

    /// <summary>Number of images of each identity.</summary>
    public int[] Counts => [.. _images.Select(images => images.Length)];

    /// <summary>
    /// Draws images of one identity in random order: each at most once while there are enough; an identity with fewer gives all of them, and
    /// the rest is drawn among them with replacement.
    /// </summary>
    /// <param name="identity">The identity.</param>
    /// <param name="target">Filled with image indices.</param>
    /// <param name="random">The draws.</param>
    public void Draw(int identity, Span<int> target, ref CountedRandom random)
    {
        int[] images = _images[identity];
        int[] order = [.. images];
        random.Shuffle<int>(order);
        int distinct = Math.Min(order.Length, target.Length);
        order.AsSpan(0, distinct).CopyTo(target);
        for (int i = distinct; i < target.Length; i++)
        {
            target[i] = images[random.NextInt(images.Length)];
        }
    }

    /// <summary>A batch of some identities with K images each, those of one identity side by side.</summary>
    /// <param name="identities">The identities.</param>
    /// <param name="imagesPerIdentity">K.</param>
    /// <param name="random">The draws.</param>
    public int[] Batch(IReadOnlyList<int> identities, int imagesPerIdentity, ref CountedRandom random)
    {
        int[] batch = new int[identities.Count * imagesPerIdentity];
        for (int i = 0; i < identities.Count; i++)
        {
            Draw(identities[i], batch.AsSpan(i * imagesPerIdentity, imagesPerIdentity), ref random);
        }

        return batch;
    }
}
