using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Semblance.Data.Sources;

/// <summary>A zip archive read in place, from any number of threads at once.</summary>
internal sealed class ZipSource : IImageSource
{
    private const int LocalHeaderLength = 30;
    private const long LargestFile = 1L << 29;
    private readonly SafeFileHandle _file;
    private readonly List<ZipEntry> _entries;

    private ZipSource(SafeFileHandle file, List<ZipEntry> entries) => (_file, _entries) = (file, entries);

    /// <summary>Names of the files inside, in the archive's order, with '/' between the parts.</summary>
    public IEnumerable<string> Names => _entries.Select(entry => entry.Name.Replace('\\', '/'));

    /// <summary>Opens an archive.</summary>
    /// <exception cref="SemblanceException">It cannot be read or is damaged.</exception>
    public static ZipSource Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return new ZipSource(file, ZipDirectory.Read(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            file?.Dispose();
            throw new SemblanceException($"{path}: cannot be read as a zip archive: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <inheritdoc/>
    public byte[] Read(int file, string name)
    {
        ZipEntry entry = _entries[file];
        if ((entry.Flags & 1) != 0)
        {
            throw new UnreadableImageException(name, "is encrypted in its zip archive");
        }

        if (entry.Method is not (0 or 8))
        {
            throw new UnreadableImageException(name, $"is compressed by method {entry.Method}; only stored and deflated files are read");
        }

        if (Math.Max(entry.Size, entry.CompressedSize) > LargestFile)
        {
            throw new UnreadableImageException(name, $"has {entry.Size} bytes, more than the {LargestFile} that are read");
        }

        try
        {
            byte[] header = ZipDirectory.ReadExactly(_file, entry.HeaderOffset, LocalHeaderLength);
            int nameLength = header[26] | (header[27] << 8), extraLength = header[28] | (header[29] << 8);
            byte[] packed = ZipDirectory.ReadExactly(_file, entry.HeaderOffset + LocalHeaderLength + nameLength + extraLength, (int)entry.CompressedSize);
            byte[] bytes = entry.Method == 0 ? packed : Inflate(packed, (int)entry.Size);
            return Crc32.Of(bytes) == entry.Crc ? bytes : throw new InvalidDataException("its checksum does not match");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new UnreadableImageException(name, $"is damaged in its zip archive: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static byte[] Inflate(byte[] packed, int size)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size);
        using var inflater = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        inflater.ReadExactly(bytes);
        return bytes;
    }
}
