using Semblance.Data.Sources;

namespace Semblance.Data;

/// <summary>
/// Image files wherever they lie below a folder or in a zip archive, whoever they show: photographs before anybody knows the people on them.
/// Hidden files and those without an image extension are passed over. Safe to use from several threads.
/// </summary>
public sealed class PhotoCollection : IDisposable
{
    private readonly IImageSource _source;
    private readonly int[] _files;

    private PhotoCollection(string path, IImageSource source, IEnumerable<string> names)
    {
        (int File, string Name)[] found =
            [.. names.Select((name, file) => (file, name)).Where(f => ImageDecoder.HasImageExtension(f.name) && !IdentityLayout.IsHidden(f.name)).OrderBy(f => f.name, StringComparer.Ordinal)];
        if (found.Length == 0)
        {
            source.Dispose();
            throw new SemblanceException($"{path}: holds no images (JPEG, PNG, WebP, BMP, PGM or PPM).");
        }

        _files = [.. found.Select(f => f.File)];
        (_source, Source, Names) = (source, path, [.. found.Select(f => f.Name)]);
    }

    /// <summary>The path it was opened from.</summary>
    public string Source { get; }

    /// <summary>The images' paths below the folder or within the archive, with '/' between the parts, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a collection; decodes nothing.</summary>
    /// <param name="path">A folder or a zip archive.</param>
    /// <exception cref="SemblanceException">It is missing, cannot be read, or holds no images.</exception>
    public static PhotoCollection Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            string[] names = FolderSource.List(path);
            return new PhotoCollection(path, new FolderSource([.. names.Select(name => Path.Combine(path, name))]), names);
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"{path}: there is no such folder or zip archive.");
        }

        if (ImageDecoder.HasImageExtension(path))
        {
            throw new SemblanceException($"{path}: is a single image; expected a folder of photographs, or a zip of one.");
        }

        ZipSource zip = ZipSource.Open(path);
        return new PhotoCollection(path, zip, zip.Names);
    }

    /// <summary>The bytes of an image file.</summary>
    /// <param name="photo">Index into <see cref="Names"/>.</param>
    /// <exception cref="UnreadableImageException">The file is gone or cannot be read.</exception>
    public byte[] ReadBytes(int photo) => _source.Read(_files[photo], Names[photo]);

    /// <summary>Closes the archive, if it is one.</summary>
    public void Dispose() => _source.Dispose();
}
