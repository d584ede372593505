using Semblance.Data.Loading;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Numerics;

namespace Semblance.Data;

/// <summary>
/// Embeds many images: they are decoded and preprocessed on worker threads ahead of the model, batch by batch, at most a few batches ahead. Rows
/// are L2-normalised. With flipping, a row is f(x) + f(mirrored x), normalised after the sum.
/// </summary>
public static class EmbeddingExtractor
{
    /// <summary>Images that go through the model at once where the caller does not say.</summary>
    public const int DefaultBatch = 64;

    private const string Stage = "embedding faces";

    /// <summary>Embeds images of a dataset; the first unreadable one ends the work.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="images">Indices into <see cref="FaceDataset.Images"/>, in any order.</param>
    /// <param name="embedder">The model; used from the calling thread alone.</param>
    /// <param name="flip">Whether to add the mirrored image's embedding.</param>
    /// <param name="batch">Images that go through the model at once, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A row per index given.</returns>
    /// <exception cref="UnreadableImageException">An image cannot be read.</exception>
    public static float[][] Embed(
        FaceDataset dataset,
        IReadOnlyList<int> images,
        IFaceEmbedder embedder,
        bool flip,
        int batch = DefaultBatch,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(images);
        return Rows(Run(images.Count, i => dataset.Decode(images[i]), embedder, flip, batch, skipUnreadable: false, progress, cancellationToken));
    }

    /// <summary>Embeds images of a training set.</summary>
    /// <param name="faces">The training set.</param>
    /// <param name="images">Indices, as in <see cref="PreparedFaces.Labels"/>, in any order.</param>
    /// <param name="embedder">The model; used from the calling thread alone.</param>
    /// <param name="batch">Images that go through the model at once, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A row per index given.</returns>
    /// <exception cref="UnreadableImageException">An image that was not kept in memory has become unreadable.</exception>
    public static float[][] Embed(
        PreparedFaces faces,
        IReadOnlyList<int> images,
        IFaceEmbedder embedder,
        int batch = DefaultBatch,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(images);
        return Rows(Run(images.Count, i => faces.Pixels(images[i]), embedder, flip: false, batch, skipUnreadable: false, progress, cancellationToken));
    }

    /// <summary>Embeds decoded images.</summary>
    /// <param name="images">The images, of any size.</param>
    /// <param name="embedder">The model; used from the calling thread alone.</param>
    /// <param name="flip">Whether to add the mirrored image's embedding.</param>
    /// <param name="batch">Images that go through the model at once, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A row per image.</returns>
    public static float[][] Embed(
        IReadOnlyList<PixelBuffer> images,
        IFaceEmbedder embedder,
        bool flip,
        int batch = DefaultBatch,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Rows(Run(images.Count, i => images[i], embedder, flip, batch, skipUnreadable: false, progress, cancellationToken));
    }

    /// <summary>Embeds the images of a dataset that can be read, and says which cannot.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="images">Indices into <see cref="FaceDataset.Images"/>, in any order.</param>
    /// <param name="embedder">The model; used from the calling thread alone.</param>
    /// <param name="flip">Whether to add the mirrored image's embedding.</param>
    /// <param name="batch">Images that go through the model at once, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static EmbeddedFaces EmbedReadable(
        FaceDataset dataset,
        IReadOnlyList<int> images,
        IFaceEmbedder embedder,
        bool flip,
        int batch = DefaultBatch,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(images);
        return Run(images.Count, i => dataset.Decode(images[i]), embedder, flip, batch, skipUnreadable: true, progress, cancellationToken);
    }

    /// <summary>Embeds the image files on the disk that can be read, and says which cannot.</summary>
    /// <param name="files">Paths of image files.</param>
    /// <param name="embedder">The model; used from the calling thread alone.</param>
    /// <param name="flip">Whether to add the mirrored image's embedding.</param>
    /// <param name="cropper">Crops the main face out of each photograph; null where the images are aligned crops.</param>
    /// <param name="batch">Images that go through the model at once, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static EmbeddedFaces EmbedReadable(
        IReadOnlyList<string> files,
        IFaceEmbedder embedder,
        bool flip,
        IFaceCropper? cropper = null,
        int batch = DefaultBatch,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Run(files.Count, Decode, embedder, flip, batch, skipUnreadable: true, progress, cancellationToken);

        PixelBuffer Decode(int file)
        {
            PixelBuffer pixels = ImageDecoder.DecodeFile(files[file]);
            return cropper is null ? pixels : cropper.Crop(pixels, files[file]);
        }
    }

    // With nothing skipped every row is there.
    private static float[][] Rows(EmbeddedFaces faces) => [.. faces.Rows.Select(row => row!)];

    private static EmbeddedFaces Run(
        int count, Func<int, PixelBuffer> decode, IFaceEmbedder embedder, bool flip, int batch, bool skipUnreadable, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        PreprocessingContract contract = embedder.Card.Preprocessing;
        int size = embedder.Card.EmbeddingSize;
        var rows = new float[]?[count];
        var unreadable = new List<UnreadableImage>();
        var counter = new ProgressCounter(progress, Stage, count, "images");
        float[] straight = new float[Math.Min(batch, count) * size];
        float[] mirrored = flip ? new float[straight.Length] : [];
        int workers = Math.Min(2, Environment.ProcessorCount);
        var prefetch = new OrderedPrefetch<InputBatch>(
            (count + batch - 1) / batch,
            workers,
            workers + 1,
            "embedding input",
            (item, stop) => InputBatch.Make(item * batch, Math.Min(batch, count - (item * batch)), decode, contract, flip, skipUnreadable, stop),
            _ => { });
        foreach (InputBatch input in prefetch.Read(cancellationToken))
        {
            int readable = input.Positions.Count;
            if (readable > 0)
            {
                embedder.Embed(input.Pixels.AsSpan(0, readable * contract.InputLength), readable, straight.AsSpan(0, readable * size));
                if (flip)
                {
                    embedder.Embed(input.Mirrored.AsSpan(0, readable * contract.InputLength), readable, mirrored.AsSpan(0, readable * size));
                    System.Numerics.Tensors.TensorPrimitives.Add(straight, mirrored, straight);
                }
            }

            for (int i = 0; i < readable; i++)
            {
                float[] row = straight.AsSpan(i * size, size).ToArray();
                Similarity.NormalizeInPlace(row);
                rows[input.Positions[i]] = row;
            }

            unreadable.AddRange(input.Unreadable);
            counter.Add(readable + input.Unreadable.Count);
        }

        return new EmbeddedFaces(rows, unreadable);
    }
}
