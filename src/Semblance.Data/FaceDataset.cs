using Semblance.Data.Sources;
using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>
/// Face images by identity: a folder per identity, a zip archive of them (read in place), or a list file ("path label" lines). The folders may
/// lie one or more levels down; the identity is the name of the folder that holds an image. Files without an image extension and hidden files
/// are ignored. Opening lists files and decodes none. Safe to use from several threads.
/// </summary>
public sealed class FaceDataset : IDisposable
{
    private readonly IImageSource _source;
    private readonly IFaceCropper? _cropper;
    private readonly int[] _files;
    private readonly Dictionary<string, int> _byPath;

    private FaceDataset(string path, IImageSource source, List<FoundImage> found, List<string> withoutIdentity, FaceDatasetOptions options)
    {
        var counts = found.CountBy(image => image.Identity).ToDictionary(StringComparer.Ordinal);
        Identities = [.. counts.Where(c => c.Value >= options.MinImages && !options.ExcludedIdentities.Contains(c.Key)).Select(c => c.Key).Order(StringComparer.Ordinal)];
        if (Identities.Count == 0)
        {
            throw new SemblanceException(
                $"{path}: none of its {counts.Count} identities is left after leaving out {options.ExcludedIdentities.Count} names and those with fewer than {options.MinImages} images.");
        }

        var labels = Identities.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        FoundImage[] kept = [.. found.Where(image => labels.ContainsKey(image.Identity)).OrderBy(image => image.Path, StringComparer.Ordinal)];
        Images = [.. kept.Select(image => new FaceImageEntry(image.Path, labels[image.Identity]))];
        _byPath = new Dictionary<string, int>(kept.Length, StringComparer.Ordinal);
        for (int i = 0; i < kept.Length; i++)
        {
            if (!_byPath.TryAdd(kept[i].Path, i))
            {
                throw new SemblanceException($"{path}: holds '{kept[i].Path}' twice; remove one.");
            }
        }

        _files = [.. kept.Select(image => image.File)];
        (_source, _cropper, Source, WithoutIdentity) = (source, options.Cropper, path, withoutIdentity);
    }

    /// <summary>The path it was opened from.</summary>
    public string Source { get; }

    /// <summary>Names of the identities, sorted by ordinal comparison; labels are indices into this list.</summary>
    public IReadOnlyList<string> Identities { get; }

    /// <summary>The images, sorted by path (ordinal).</summary>
    public IReadOnlyList<FaceImageEntry> Images { get; }

    /// <summary>Images that lie beside the identity folders and so belong to nobody: reported, not used.</summary>
    public IReadOnlyList<string> WithoutIdentity { get; }

    /// <summary>Opens a dataset.</summary>
    /// <param name="path">A folder, a zip archive or a list file.</param>
    /// <param name="options">Which identities to leave out; none by default.</param>
    /// <exception cref="SemblanceException">It is missing, empty, holds no images, or its folders contradict each other.</exception>
    /// <exception cref="UsageException">An option is out of range.</exception>
    public static FaceDataset Open(string path, FaceDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new FaceDatasetOptions();
        if (options.MinImages < 1)
        {
            throw new UsageException($"min-images is {options.MinImages}; expected 1 or more.");
        }

        if (Directory.Exists(path))
        {
            string[] names = FolderSource.List(path);
            return Build(path, "folder", new FolderSource([.. names.Select(name => Path.Combine(path, name))]), names, options);
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"{path}: there is no such folder, zip archive or list file.");
        }

        if (IsZip(path))
        {
            ZipSource zip = ZipSource.Open(path);
            return Build(path, "zip archive", zip, zip.Names, options);
        }

        IReadOnlyList<ListedImage> listed = ListFile.Read(path);
        if (listed.Count == 0)
        {
            throw new SemblanceException($"{path}: the list names no image; expected lines of an image path, a blank and a label.");
        }

        List<FoundImage> found = [.. listed.Select((image, file) => new FoundImage(file, image.Name, image.Label))];
        return new FaceDataset(path, new FolderSource([.. listed.Select(image => image.File)]), found, [], options);
    }

    /// <summary>The bytes of an image file.</summary>
    /// <param name="image">Index into <see cref="Images"/>.</param>
    /// <exception cref="UnreadableImageException">The file is gone or cannot be read.</exception>
    public byte[] ReadBytes(int image) => _source.Read(_files[image], Images[image].Path);

    /// <summary>Whether the images are photographs whose main face is cropped as they are decoded.</summary>
    public bool HoldsPhotographs => _cropper is not null;

    /// <summary>Reads and decodes an image; of a photograph, the crop of its main face.</summary>
    /// <param name="image">Index into <see cref="Images"/>.</param>
    /// <exception cref="UnreadableImageException">The file is gone, damaged, cut short, enormous, no image, or a photograph without a usable face.</exception>
    public PixelBuffer Decode(int image) => Decode(image, ReadBytes(image));

    /// <summary>Decodes an image whose bytes were read already; of a photograph, the crop of its main face.</summary>
    /// <param name="image">Index into <see cref="Images"/>.</param>
    /// <param name="bytes">What <see cref="ReadBytes"/> gave.</param>
    /// <exception cref="UnreadableImageException">The bytes are damaged, cut short, enormous, no image, or a photograph without a usable face.</exception>
    public PixelBuffer Decode(int image, byte[] bytes)
    {
        string path = Images[image].Path;
        PixelBuffer pixels = ImageDecoder.Decode(bytes, path);
        return _cropper is null ? pixels : _cropper.Crop(pixels, path);
    }

    /// <summary>The index of the image with the given path, or −1.</summary>
    /// <param name="relativePath">As in <see cref="FaceImageEntry.Path"/>; a leading "./" and backslashes are accepted.</param>
    public int Find(string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        string path = relativePath.Replace('\\', '/');
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return _byPath.TryGetValue(path, out int index) ? index : -1;
    }

    /// <summary>Closes the archive, if it is one.</summary>
    public void Dispose() => _source.Dispose();

    private static FaceDataset Build(string path, string kind, IImageSource source, IEnumerable<string> names, FaceDatasetOptions options)
    {
        try
        {
            IdentityLayout layout = IdentityLayout.Read(names, path);
            if (layout.Images.Count > 0)
            {
                return new FaceDataset(path, source, layout.Images, layout.WithoutIdentity, options);
            }

            throw new SemblanceException(layout.WithoutIdentity.Count > 0
                ? $"{path}: its {layout.WithoutIdentity.Count} images lie directly in it; expected a folder per identity with that identity's images inside."
                : names.Any()
                    ? $"{path}: the {kind} holds no images (JPEG, PNG, WebP, BMP, PGM or PPM); expected a folder per identity with images inside."
                    : $"{path}: the {kind} is empty; expected a folder per identity with images inside.");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static bool IsZip(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            int read = file.ReadAtLeast(start, 4, throwOnEndOfStream: false);
            return (read == 4 && (start.SequenceEqual("PK\u0003\u0004"u8) || start.SequenceEqual("PK\u0005\u0006"u8)))
                || Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
