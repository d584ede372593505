using System.Security.Cryptography;
using System.Text;
using Semblance.Data.Loading;
using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>
/// The readable images of a dataset, decoded once, with labels without gaps. Images are kept in memory while the budget lasts, no larger than
/// 1.25 times the input on either axis (so that a crop still has its pixels, and bilinear sampling does not alias); the rest are decoded again on
/// use, to the very same pixels. Safe to use from several threads.
/// </summary>
public sealed class PreparedFaces
{
    private const double Reserve = 1.25;
    private const int ObjectOverhead = 96;
    private readonly PixelBuffer?[] _cached;
    private readonly int[] _images;
    private readonly FaceDataset? _dataset;

    private PreparedFaces(
        PreprocessingContract contract, IReadOnlyList<string> identities, int[] labels, string[] paths, PixelBuffer?[] cached, int[] images, FaceDataset? dataset, string fingerprint)
    {
        (Contract, Identities, Labels, Paths, Fingerprint) = (contract, identities, labels, paths, fingerprint);
        (_cached, _images, _dataset) = (cached, images, dataset);
        CachedBytes = cached.Sum(image => image is null ? 0L : Cost(image));
    }

    /// <summary>The input that the images were shrunk for.</summary>
    public PreprocessingContract Contract { get; }

    /// <summary>Names of the identities, sorted by ordinal comparison; labels are indices into this list.</summary>
    public IReadOnlyList<string> Identities { get; }

    /// <summary>The identity of each image; every identity has at least one.</summary>
    public int[] Labels { get; }

    /// <summary>The path of each image, as in the dataset.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Images that were left out because they do not decode.</summary>
    public IReadOnlyList<UnreadableImage> Unreadable { get; private init; } = [];

    /// <summary>SHA-256 (hex, lower case) over the identity names and the digests of their images.</summary>
    public string Fingerprint { get; }

    /// <summary>Bytes of decoded images in memory.</summary>
    public long CachedBytes { get; }

    /// <summary>Number of images in memory; the others are decoded at each use.</summary>
    public int CachedCount => _cached.Count(image => image is not null);

    /// <summary>Decodes a dataset, in parallel.</summary>
    /// <param name="dataset">The dataset; it must stay open while images that did not fit the budget are used.</param>
    /// <param name="contract">The model's input.</param>
    /// <param name="memoryBudgetBytes">Bytes that decoded images may fill; 0 keeps none.</param>
    /// <param name="minImages">Identities with fewer readable images are left out; at least 1.</param>
    /// <param name="progress">Told of decoded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SemblanceException">No image or no identity is left.</exception>
    public static PreparedFaces Prepare(
        FaceDataset dataset,
        PreprocessingContract contract,
        long memoryBudgetBytes,
        int minImages = 1,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBudgetBytes);
        if (minImages < 1)
        {
            throw new UsageException($"min-images is {minImages}; expected 1 or more.");
        }

        int count = dataset.Images.Count;
        var cached = new PixelBuffer?[count];
        byte[]?[] digests = new byte[count][];
        var failures = new UnreadableImage?[count];
        var counter = new ProgressCounter(progress, "decoding faces", count, "images");
        long budget = memoryBudgetBytes;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i =>
        {
            try
            {
                byte[] bytes = dataset.ReadBytes(i);
                PixelBuffer image = Shrink(dataset.Decode(i, bytes), contract);
                digests[i] = SHA256.HashData(bytes);
                if (Interlocked.Add(ref budget, -Cost(image)) >= 0)
                {
                    cached[i] = image;
                }
                else
                {
                    Interlocked.Add(ref budget, Cost(image));
                }
            }
            catch (UnreadableImageException e)
            {
                failures[i] = e.ToEntry();
            }

            counter.Add(1);
        });

        UnreadableImage[] unreadable = [.. failures.OfType<UnreadableImage>()];
        int[] perIdentity = new int[dataset.Identities.Count];
        for (int i = 0; i < count; i++)
        {
            perIdentity[dataset.Images[i].Identity] += digests[i] is null ? 0 : 1;
        }

        int[] identities = [.. Enumerable.Range(0, perIdentity.Length).Where(identity => perIdentity[identity] >= minImages)];
        if (identities.Length == 0)
        {
            throw new SemblanceException(unreadable.Length == count
                ? $"{dataset.Source}: none of its {count} images can be read; the first: {unreadable[0].Path}: {unreadable[0].Reason}."
                : $"{dataset.Source}: no identity has {minImages} readable images or more; lower --min-images.");
        }

        int[] remapped = new int[perIdentity.Length];
        Array.Fill(remapped, -1);
        for (int i = 0; i < identities.Length; i++)
        {
            remapped[identities[i]] = i;
        }

        int[] kept = [.. Enumerable.Range(0, count).Where(i => digests[i] is not null && remapped[dataset.Images[i].Identity] >= 0)];
        string[] names = [.. identities.Select(identity => dataset.Identities[identity])];
        int[] labels = [.. kept.Select(i => remapped[dataset.Images[i].Identity])];
        return new PreparedFaces(
            contract, names, labels, [.. kept.Select(i => dataset.Images[i].Path)], [.. kept.Select(i => cached[i])], kept, dataset,
            ComputeFingerprint(names, labels, [.. kept.Select(i => digests[i]!)]))
        {
            Unreadable = unreadable,
        };
    }

    /// <summary>Takes images that are in memory already, for example synthetic ones.</summary>
    /// <param name="images">The images, in the order wanted.</param>
    /// <param name="labels">The identity of each, an index into <paramref name="identities"/>.</param>
    /// <param name="identities">Names of the identities; each must have an image.</param>
    /// <param name="contract">The model's input.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is out of range, or an identity has no image.</exception>
    public static PreparedFaces FromPixels(IReadOnlyList<PixelBuffer> images, IReadOnlyList<int> labels, IReadOnlyList<string> identities, PreprocessingContract contract)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(contract);
        if (images.Count == 0 || images.Count != labels.Count)
        {
            throw new ArgumentException($"{images.Count} images and {labels.Count} labels given; expected as many of each, and at least one.", nameof(labels));
        }

        if (labels.Any(label => label < 0 || label >= identities.Count) || labels.Distinct().Count() != identities.Count)
        {
            throw new ArgumentException($"labels must cover 0 to {identities.Count - 1}, each at least once.", nameof(labels));
        }

        byte[][] digests = [.. images.Select(image => SHA256.HashData(image.Data))];
        return new PreparedFaces(
            contract, [.. identities], [.. labels], [.. labels.Select((label, i) => $"{identities[label]}/{i}")], [.. images.Select(image => Shrink(image, contract))],
            [.. Enumerable.Range(0, images.Count)], null, ComputeFingerprint(identities, labels, digests));
    }

    /// <summary>The decoded image, no larger on either axis than 1.25 times the input.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="UnreadableImageException">The image was not kept in memory and has become unreadable since.</exception>
    public PixelBuffer Pixels(int index) => _cached[index] ?? Shrink(_dataset!.Decode(_images[index]), Contract);

    private static long Cost(PixelBuffer image) => image.Data.LongLength + ObjectOverhead;

    private static PixelBuffer Shrink(PixelBuffer image, PreprocessingContract contract) => ImageResizer.Resize(
        image,
        Math.Min(image.Width, (int)Math.Ceiling(contract.Width * Reserve)),
        Math.Min(image.Height, (int)Math.Ceiling(contract.Height * Reserve)));

    private static string ComputeFingerprint(IReadOnlyList<string> identities, IReadOnlyList<int> labels, byte[][] digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var byLabel = labels.Index().ToLookup(pair => pair.Item, pair => digests[pair.Index]);
        foreach ((int label, string name) in identities.Index().OrderBy(pair => pair.Item, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            foreach (byte[] digest in byLabel[label].OrderBy(Convert.ToHexString, StringComparer.Ordinal))
            {
                hash.AppendData(digest);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
