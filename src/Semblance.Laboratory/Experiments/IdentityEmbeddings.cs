using Semblance.Data;
using Semblance.Models;
using Semblance.Numerics;

namespace Semblance.Laboratory.Experiments;

/// <summary>Unit embeddings with their identities: what sampling is studied on.</summary>
public sealed class IdentityEmbeddings
{
    // Enough for smooth histograms; more only takes longer to embed.
    private const int MostIdentities = 300;
    private const int MostPhotos = 8;

    private IdentityEmbeddings(string source, float[][] rows, int[] labels, float[][] noise) =>
        (Source, Rows, Labels, Noise) = (source, rows, labels, noise);

    /// <summary>Where they come from, in words.</summary>
    public string Source { get; }

    /// <summary>The embeddings, of unit length.</summary>
    public IReadOnlyList<float[]> Rows { get; }

    /// <summary>The identity of each, from 0.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Differences between embeddings of a photo and of its mirror image, which show the same face: noise as the network has it. Empty for random points.</summary>
    public IReadOnlyList<float[]> Noise { get; }

    /// <summary>Dimension of the embeddings.</summary>
    public int Dimension => Rows[0].Length;

    /// <summary>
    /// Random points: a centre for each identity, uniform on the sphere, and photos around it, as a network places them early in training when those of
    /// one identity are hardly nearer to each other than to others.
    /// </summary>
    /// <param name="dimension">Dimension, at least 2.</param>
    /// <param name="seed">Same seed, same points.</param>
    /// <param name="identities">Number of identities.</param>
    /// <param name="photos">Photos of each.</param>
    /// <param name="spread">Expected length of what is added to a centre before the sum is scaled to unit length.</param>
    public static IdentityEmbeddings OnSphere(int dimension, ulong seed, int identities = MostIdentities, int photos = MostPhotos, double spread = 1.7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        List<float[]> rows = [];
        for (int identity = 0; identity < identities; identity++)
        {
            float[] centre = Gaussian(new CountedRandom(seed, (ulong)identity), dimension, 1);
            Similarity.NormalizeInPlace(centre);
            for (int photo = 0; photo < photos; photo++)
            {
                float[] row = Gaussian(new CountedRandom(seed, (ulong)identity, (ulong)photo + 1), dimension, spread / Math.Sqrt(dimension));
                System.Numerics.Tensors.TensorPrimitives.Add(row, centre, row);
                Similarity.NormalizeInPlace(row);
                rows.Add(row);
            }
        }

        return new IdentityEmbeddings(
            $"random points on the unit sphere in {dimension} dimensions", [.. rows], [.. rows.Select((_, i) => i / photos)], []);
    }

    /// <summary>Embeds photos of a dataset: up to 300 identities of at least two photos, up to 8 photos of each.</summary>
    /// <param name="dataset">The photos.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="model">Its name, for the caption.</param>
    /// <param name="seed">Which identities and photos.</param>
    /// <param name="progress">Told of embedded photos.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SemblanceException">The dataset has fewer than two identities with two photos.</exception>
    public static IdentityEmbeddings Of(
        FaceDataset dataset, IFaceEmbedder embedder, string model, ulong seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(embedder);
        int[][] identities = [.. dataset.Images.Index().GroupBy(item => item.Item.Identity, item => item.Index).Where(group => group.Count() > 1).Select(group => group.ToArray())];
        if (identities.Length < 2)
        {
            throw new SemblanceException($"{dataset.Source}: sampling needs at least two people with two photos each; there are {identities.Length}.");
        }

        var random = new CountedRandom(seed);
        random.Shuffle(identities.AsSpan());
        List<int> images = [];
        List<int> labels = [];
        foreach ((int label, int[] photos) in identities.Take(MostIdentities).Index())
        {
            random.Shuffle(photos.AsSpan());
            int count = Math.Min(MostPhotos, photos.Length);
            images.AddRange(photos.Take(count));
            labels.AddRange(Enumerable.Repeat(label, count));
        }

        // The mirror image is told from the sum, which is what the extractor gives.
        float[][] rows = EmbeddingExtractor.Embed(dataset, images, embedder, flip: false, progress: progress, cancellationToken: cancellationToken);
        float[][] sums = EmbeddingExtractor.Embed(dataset, images, embedder, flip: true, progress: progress, cancellationToken: cancellationToken);
        return new IdentityEmbeddings($"{images.Count} photos of {labels[^1] + 1} people from {Path.GetFileName(dataset.Source.TrimEnd('/'))}, embedded by {model}", rows, [.. labels], Differences(rows, sums));
    }

    // With e and f of unit length and s = (e + f)/‖e + f‖ the mirror image's embedding is f = 2(e·s)s − e: e reflected in s. What e and f differ by is f − e.
    private static float[][] Differences(float[][] rows, float[][] sums) => [.. rows.Zip(sums, (e, s) =>
    {
        float twice = 2 * Similarity.Cosine(e, s);
        return e.Zip(s, (a, b) => (twice * b) - (2 * a)).ToArray();
    })];

    internal static float[] Gaussian(CountedRandom random, int dimension, double deviation)
    {
        float[] values = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            values[i] = (float)(random.NextGaussian() * deviation);
        }

        return values;
    }
}
