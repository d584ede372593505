using System.Runtime.InteropServices;
using Semblance.IO;

namespace Semblance.Recognition.Search;

/// <summary>Indexes of the kind <c>hnsw</c> in files: rows and links, so that opening takes reading instead of building. Codes are made anew.</summary>
public static unsafe class HnswIndexFile
{
    private const int RowsPerTask = 1024;

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
        HnswIndex index = new Reading(path, file, layout).Index();
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

    /// <summary>The reading of a file whose bytes are proved.</summary>
    private sealed class Reading(string path, CheckedMapping file, HnswLayout layout)
    {
        public HnswIndex Index()
        {
            var index = new HnswIndex(layout.Dimension, layout.Options);
            HnswGraph graph = index.Graph;
            graph.MakeRoom(layout.Count);
            HnswRows rows = graph.Rows;
            long[] uppers = Uppers();
            Work.Run((layout.Count + RowsPerTask - 1) / RowsPerTask, () => rows, (task, to) => Rows(task, to, uppers), _ => { }, CancellationToken.None);
            Dictionary<int, List<long>> doubles = Doubles();
            var names = new List<(long Id, int Slot)>(layout.Count);
            var ids = new HashSet<long>(layout.Count);
            for (int slot = 0; slot < layout.Count; slot++)
            {
                if (doubles.TryGetValue(slot, out List<long>? others))
                {
                    rows.Name(slot, rows.Id(slot), [.. others]);
                    names.AddRange(others.Select(other => (other, slot)));
                }

                names.Add((rows.Id(slot), slot));
                rows.Become(slot, HnswRows.Live);
            }

            if (names.Exists(name => !ids.Add(name.Id)))
            {
                throw Wrong($"an id comes twice");
            }

            (graph.Used, graph.Drawn, graph.Start) = (layout.Count, layout.Drawn, layout.Start);
            if (layout.Count > 0 && rows.Level(layout.Start.Slot) != layout.Start.Level)
            {
                throw Wrong($"the first row has another level");
            }

            index.Adopt(names);
            return index;
        }

        // Where each row's upper links begin.
        private long[] Uppers()
        {
            long[] starts = new long[layout.Count];
            long levels = 0;
            for (int slot = 0; slot < starts.Length; slot++)
            {
                starts[slot] = layout.Uppers + (levels * layout.Options.Links * sizeof(int));
                levels += file.Start[layout.Levels + slot];
            }

            if (levels != layout.UpperLevels)
            {
                throw Wrong($"the levels do not add up");
            }

            return starts;
        }

        private void Rows(int task, HnswRows rows, long[] uppers)
        {
            for (int slot = task * RowsPerTask; slot < Math.Min(layout.Count, (task + 1) * RowsPerTask); slot++)
            {
                long id = ((long*)(file.Start + HnswLayout.Ids))[slot];
                var unit = new ReadOnlySpan<float>((float*)(file.Start + layout.Floats) + ((nint)slot * layout.Dimension), layout.Dimension);
                int level = file.Start[layout.Levels + slot];
                rows.Write(slot, id, level, unit);
                Links(file.Start + layout.Links + ((long)slot * rows.BaseLinks * sizeof(int)), rows.LinksOf(slot, 0), slot, 0);
                for (int on = 1; on <= level; on++)
                {
                    Links(file.Start + uppers[slot] + ((on - 1L) * rows.Links * sizeof(int)), rows.LinksOf(slot, on), slot, on);
                }
            }
        }

        private void Links(byte* from, Span<int> links, int slot, int level)
        {
            new ReadOnlySpan<int>((int*)from, links.Length).CopyTo(links);
            foreach (int link in links)
            {
                if (link < HnswRows.End || link >= layout.Count)
                {
                    throw Wrong($"row {slot} links to {link}");
                }

                if (link != HnswRows.End && file.Start[layout.Levels + link] < level)
                {
                    throw Wrong($"row {slot} links to {link} on a level that this is not on");
                }
            }
        }

        private Dictionary<int, List<long>> Doubles()
        {
            var doubles = new Dictionary<int, List<long>>();
            long* pairs = (long*)(file.Start + layout.Others);
            for (int i = 0; i < layout.Doubles; i++)
            {
                long slot = pairs[2L * i];
                if (slot < 0 || slot >= layout.Count)
                {
                    throw Wrong($"a row has the numbers of row {slot}");
                }

                if (!doubles.TryGetValue((int)slot, out List<long>? others))
                {
                    doubles.Add((int)slot, others = []);
                }

                others.Add(pairs[(2L * i) + 1]);
            }

            return doubles;
        }

        private SemblanceException Wrong(FormattableString what) =>
            new($"{path}: {FormattableString.Invariant(what)}: the file was written wrongly; build the index again.");
    }
}
