using System.Buffers.Binary;

namespace Semblance.Recognition.Search;

/// <summary>
/// Where things are in a file of an <see cref="HnswIndex"/>: a header of 4,096 bytes; then, each from a multiple of 64, the rows' ids, their
/// floats, their links of the lowest level, their levels (a byte each), the links of the upper levels row after row, and pairs of slot and id
/// for rows that have the numbers of another; then a checksum of every mebibyte of these. All numbers are little-endian. Places follow from
/// the counts in the header.
/// </summary>
internal sealed record HnswLayout
{
    public const int HeaderBytes = 4096;

    /// <summary>Where ids begin.</summary>
    public const long Ids = HeaderBytes;

    private const int Version = 1;
    private const int Align = 64;

    private static readonly byte[] Magic = "SMBLHNSW"u8.ToArray();

    public required int Dimension { get; init; }

    public required HnswOptions Options { get; init; }

    /// <summary>Rows with numbers of their own.</summary>
    public required int Count { get; init; }

    /// <summary>Levels above the lowest, added up over the rows.</summary>
    public required long UpperLevels { get; init; }

    /// <summary>Rows with the numbers of another.</summary>
    public required int Doubles { get; init; }

    public required (int Slot, int Level) Start { get; init; }

    /// <summary>Levels drawn so far.</summary>
    public required long Drawn { get; init; }

    public long Floats => Up(Ids + ((long)Count * sizeof(long)));

    public long Links => Up(Floats + ((long)Count * Dimension * sizeof(float)));

    public long Levels => Up(Links + ((long)Count * 2 * Options.Links * sizeof(int)));

    public long Uppers => Up(Levels + Count);

    public long Others => Up(Uppers + (UpperLevels * Options.Links * sizeof(int)));

    public long Sums => Up(Others + ((long)Doubles * 2 * sizeof(long)));

    public int Blocks => (int)((Sums - Ids + CheckedMapping.BlockBytes - 1) / CheckedMapping.BlockBytes);

    public long FileBytes => Sums + ((long)Blocks * sizeof(uint));

    public static bool HasMagic(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Reads a header.</summary>
    /// <returns>The layout, and the checksum of the checksums.</returns>
    /// <exception cref="SemblanceException">It is none, of a newer version, damaged or cut short.</exception>
    public static (HnswLayout Layout, uint SumOfSums) Read(string path, ReadOnlySpan<byte> header, long fileBytes)
    {
        if (!HasMagic(header))
        {
            throw new SemblanceException($"{path}: this is no index file of the kind hnsw (its first bytes are others).");
        }

        if (header.Length < HeaderBytes)
        {
            throw new SemblanceException($"{path}: the file is cut short within its header; build it again or copy it whole.");
        }

        if (CheckedMapping.Sum(header[..(HeaderBytes - 4)]) != BinaryPrimitives.ReadUInt32LittleEndian(header[(HeaderBytes - 4)..]))
        {
            throw new SemblanceException($"{path}: the header is damaged; build the index again or restore it.");
        }

        int version = Int(header, 8);
        if (version != Version)
        {
            throw new SemblanceException($"{path}: the file has version {version}, this program reads version {Version}; use a newer program.");
        }

        var layout = new HnswLayout
        {
            Dimension = Int(header, 12),
            Options = new HnswOptions { Links = Int(header, 16), BuildWidth = Int(header, 20), SearchWidth = Int(header, 24) },
            Start = (Int(header, 28), Int(header, 32)),
            Count = Int(header, 36),
            Doubles = Int(header, 40),
            UpperLevels = BinaryPrimitives.ReadInt64LittleEndian(header[48..]),
            Drawn = BinaryPrimitives.ReadInt64LittleEndian(header[56..]),
        };
        layout.Check(path);
        if (layout.FileBytes != fileBytes)
        {
            throw new SemblanceException(
                $"{path}: {fileBytes} bytes, {layout.FileBytes} expected of {layout.Count} rows: the file is {(fileBytes < layout.FileBytes ? "cut short" : "too long")}; copy it whole or build it again.");
        }

        return (layout, BinaryPrimitives.ReadUInt32LittleEndian(header[64..]));
    }

    /// <summary>The header's bytes.</summary>
    public byte[] Header(uint sumOfSums)
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        int[] numbers = [Version, Dimension, Options.Links, Options.BuildWidth, Options.SearchWidth, Start.Slot, Start.Level, Count, Doubles];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8 + (i * sizeof(int))), numbers[i]);
        }

        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(48), UpperLevels);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(56), Drawn);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(64), sumOfSums);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderBytes - 4), CheckedMapping.Sum(header.AsSpan(0, HeaderBytes - 4)));
        return header;
    }

    private static int Int(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt32LittleEndian(header[at..]);

    private static long Up(long position) => (position + Align - 1) / Align * Align;

    private void Check(string path)
    {
        try
        {
            Options.Check();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SemblanceException($"{path}: an index with m={Options.Links}, efc={Options.BuildWidth}, ef={Options.SearchWidth} is not one that this program can hold.", e);
        }

        bool whole = Dimension is >= 1 and <= ExactIndex.MaxDimension && Count >= 0 && Doubles >= 0 && Drawn >= 0 && UpperLevels >= 0
            && UpperLevels <= (long)Count * byte.MaxValue
            && (Count == 0 ? Start.Slot == HnswRows.End && Doubles == 0 : Start.Slot >= 0 && Start.Slot < Count && Start.Level is >= 0 and <= byte.MaxValue);
        if (!whole)
        {
            throw new SemblanceException($"{path}: {Count} rows of {Dimension} numbers that begin at row {Start.Slot}: this program cannot hold that.");
        }
    }
}
