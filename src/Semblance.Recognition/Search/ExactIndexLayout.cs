using System.Buffers.Binary;

namespace Semblance.Recognition.Search;

/// <summary>
/// Where things are in an index file: a header of 4,096 bytes, then ids, panels and float32 rows, each from a multiple of 4,096, then a
/// checksum of every mebibyte from the ids to the end of the rows. All numbers are little-endian. Places follow from format, dimension and
/// count; the header holds nothing that could contradict them.
/// </summary>
internal sealed record ExactIndexLayout
{
    public const int HeaderBytes = 4096;

    private const int Version = 1;
    private const int Align = 4096;

    private static readonly byte[] Magic = "SMBLFLAT"u8.ToArray();

    public ExactIndexLayout(RowFormat format, int dimension, int count)
    {
        (Format, Dimension, Count) = (format, dimension, count);
        Ids = HeaderBytes;
        IdBytes = (long)count * sizeof(long);
        Panels = Up(Ids + IdBytes);
        PanelBytes = (long)PanelSegment.PanelsOf(count) * format.PanelBytes(dimension);
        Originals = Up(Panels + PanelBytes);
        OriginalBytes = format.KeepsOriginals ? (long)count * dimension * sizeof(float) : 0;
        Sums = Up(Originals + OriginalBytes);
        Blocks = (int)((Sums - Ids + CheckedMapping.BlockBytes - 1) / CheckedMapping.BlockBytes);
        FileBytes = Sums + ((long)Blocks * sizeof(uint));
    }

    public RowFormat Format { get; }

    public int Dimension { get; }

    public int Count { get; }

    public long Ids { get; }

    public long IdBytes { get; }

    public long Panels { get; }

    public long PanelBytes { get; }

    public long Originals { get; }

    public long OriginalBytes { get; }

    public long Sums { get; }

    public int Blocks { get; }

    public long FileBytes { get; }

    /// <summary>Whether a file that begins so means to be an index file.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Reads a header.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="header">The file's first bytes.</param>
    /// <param name="fileBytes">The file's length.</param>
    /// <returns>The layout, and the checksum of the checksums.</returns>
    /// <exception cref="SemblanceException">It is no index file, of a newer version, damaged or cut short.</exception>
    public static (ExactIndexLayout Layout, uint SumOfSums) Read(string path, ReadOnlySpan<byte> header, long fileBytes)
    {
        if (!HasMagic(header))
        {
            throw new SemblanceException($"{path}: this is no index file of Semblance (its first bytes are others).");
        }

        if (header.Length < HeaderBytes)
        {
            throw new SemblanceException($"{path}: the file is cut short within its header; build it again or copy it whole.");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (CheckedMapping.Sum(header[..(HeaderBytes - 4)]) != BinaryPrimitives.ReadUInt32LittleEndian(header[(HeaderBytes - 4)..]))
        {
            throw new SemblanceException($"{path}: the header is damaged; build the index again or restore it.");
        }

        if (version != Version)
        {
            throw new SemblanceException($"{path}: the file has version {version}, this program reads version {Version}; use a newer program.");
        }

        uint storage = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        uint dimension = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        if (!RowFormat.IsKnown(storage) || dimension is < 1 or > ExactIndex.MaxDimension || count > int.MaxValue - PanelSegment.PanelRows)
        {
            throw new SemblanceException($"{path}: {count} rows of {dimension} numbers in storage {storage}: this program cannot hold that.");
        }

        var layout = new ExactIndexLayout(RowFormat.Of((RowStorage)storage), (int)dimension, (int)count);
        if (layout.FileBytes != fileBytes)
        {
            throw new SemblanceException(
                $"{path}: {fileBytes} bytes, {layout.FileBytes} expected of {count} rows: the file is {(fileBytes < layout.FileBytes ? "cut short" : "too long")}; copy it whole or build it again.");
        }

        return (layout, BinaryPrimitives.ReadUInt32LittleEndian(header[32..]));
    }

    /// <summary>The header's bytes.</summary>
    public byte[] Header(uint sumOfSums)
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)Format.Storage);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), (uint)Dimension);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), (ulong)Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), sumOfSums);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderBytes - 4), CheckedMapping.Sum(header.AsSpan(0, HeaderBytes - 4)));
        return header;
    }

    private static long Up(long position) => (position + Align - 1) / Align * Align;
}
