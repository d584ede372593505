using System.Runtime.InteropServices;
using Semblance.IO;

namespace Semblance.Recognition.Search;

/// <summary>Indexes of the kind <c>hnsw</c> in files: rows and links, so that opening takes reading instead of building. Codes are made anew.</summary>
public static unsafe class HnswIndexFile
{
    /// <summary>Whether a file begins as such a file does.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read.</exception>
    public static bool IsIndexFile(string path)
    {
        CheckedMapping file = CheckedMapping.Open(path);
        bool isOne = HnswLayout.HasMagic(new ReadOnlySpan<byte>(file.Start, (int)Math.Min(8, file.Length)));
        GC.KeepAlive(file);
        return isOne;
    }

    /// <summary>Writes an index, without what was removed; a file that is there is replaced in one step. Searches go on meanwhile, changes wait.</summary>
    /// <param name="index">The index.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the writing; what was there stays.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Save(HnswIndex index, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        index.Still(() =>
        {
            AtomicFile.Write(path, stream => Write(index, stream, cancellationToken));
            return true;
        });
    }

    /// <summary>Reads an index into memory; every byte is held against its checksum.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read, is no such file, damaged, cut short, or of a newer version.</exception>
    public static HnswIndex Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
        {
            throw new SemblanceException($"{path}: index files are for little-endian machines.");
        }

        CheckedMapping file = CheckedMapping.Open(path);
        var header = new ReadOnlySpan<byte>(file.Start, (int)Math.Min(HnswLayout.HeaderBytes, file.Length));
        (HnswLayout layout, uint sumOfSums) = HnswLayout.Read(path, header, file.Length);
        uint[] sums = new uint[layout.Blocks];
        new ReadOnlySpan<uint>(file.Start + layout.Sums, sums.Length).CopyTo(sums);
        if (CheckedMapping.Sum(MemoryMarshal.AsBytes(sums.AsSpan())) != sumOfSums)
        {
            throw new SemblanceException($"{path}: the checksums are damaged; build the index again or restore it.");
        }

        file.Expect(HnswLayout.Ids, layout.Sums, sums);
        file.Require(HnswLayout.Ids, layout.Sums);
        HnswIndex index = new HnswReading(path, file, layout).Index();
        GC.KeepAlive(file);
        return index;
    }

    private static void Write(HnswIndex index, Stream stream, CancellationToken cancellationToken)
    {
        HnswRows rows = index.Graph.Rows;

        // Slots of removed rows leave no gaps in the file: rows get new numbers, in links too.
        int[] slots = [.. Enumerable.Range(0, index.Graph.Used).Where(rows.IsLive)];
        int[] numbers = new int[index.Graph.Used];
        for (int i = 0; i < slots.Length; i++)
        {
            numbers[slots[i]] = i;
        }

        (int start, int level) = index.Graph.Start;
        var layout = new HnswLayout
        {
            Dimension = index.Dimension,
            Options = index.Options,
            Count = slots.Length,
            UpperLevels = slots.Sum(slot => (long)rows.Level(slot)),
            Doubles = slots.Sum(slot => rows.Others(slot).Length),
            Start = (start < 0 ? start : numbers[start], level),
            Drawn = index.Graph.Drawn,
        };
        stream.Write(new byte[HnswLayout.HeaderBytes]);
        var content = new SummedStream(stream, HnswLayout.Ids);
        foreach (int slot in slots)
        {
            content.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in rows.Id(slot))));
        }

        content.PadTo(layout.Floats);
        foreach (int slot in slots)
        {
            cancellationToken.ThrowIfCancellationRequested();
            content.Write(new ReadOnlySpan<byte>(rows.Floats(slot), rows.Dimension * sizeof(float)));
        }

        content.PadTo(layout.Links);
        foreach (int slot in slots)
        {
            WriteLinks(rows.LinksOf(slot, 0), numbers, content);
        }

        content.PadTo(layout.Levels);
        foreach (int slot in slots)
        {
            content.Write([rows.Level(slot)]);
        }

        content.PadTo(layout.Uppers);
        foreach (int slot in slots)
        {
            WriteLinks(rows.Upper(slot) ?? [], numbers, content);
        }

        content.PadTo(layout.Others);
        foreach (int slot in slots)
        {
            foreach (long other in rows.Others(slot))
            {
                content.Write(MemoryMarshal.AsBytes<long>([numbers[slot], other]));
            }
        }

        content.PadTo(layout.Sums);
        uint[] sums = content.Sums();
        stream.Write(MemoryMarshal.AsBytes(sums.AsSpan()));
        stream.Position = 0;
        stream.Write(layout.Header(CheckedMapping.Sum(MemoryMarshal.AsBytes(sums.AsSpan()))));
        GC.KeepAlive(rows);
    }

    private static void WriteLinks(ReadOnlySpan<int> links, int[] numbers, SummedStream to)
    {
        int[] renumbered = new int[links.Length];
        for (int i = 0; i < links.Length; i++)
        {
            renumbered[i] = links[i] < 0 ? links[i] : numbers[links[i]];
        }

        to.Write(MemoryMarshal.AsBytes(renumbered.AsSpan()));
    }
}
