using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Semblance.IO;

namespace Semblance.Recognition.Search;

/// <summary>
/// Exact indexes in files that are searched where they lie: opening maps the file and reads its header alone, rows come from the system's
/// page cache when a search first touches them, and are held against their checksums then.
/// </summary>
public static unsafe class ExactIndexFile
{
    /// <summary>Whether a file begins as an index file does.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read.</exception>
    public static bool IsIndexFile(string path)
    {
        CheckedMapping file = CheckedMapping.Open(path);
        bool isOne = ExactIndexLayout.HasMagic(new ReadOnlySpan<byte>(file.Start, (int)Math.Min(8, file.Length)));
        GC.KeepAlive(file);
        return isOne;
    }

    /// <summary>Opens an index file. Rows added afterwards are in memory, those removed are struck out; the file stays as it is.</summary>
    /// <param name="path">The file. It must not be written into while it is open; replacing it by <see cref="Save"/> is safe.</param>
    /// <param name="checkAll">Holds every byte against its checksum now, instead of each part when it is first used.</param>
    /// <exception cref="SemblanceException">
    /// It cannot be read, is no index file, damaged, cut short, or of a newer version. Damage in rows is found when they are first searched.
    /// </exception>
    public static ExactIndex Open(string path, bool checkAll = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
        {
            throw new SemblanceException($"{path}: index files are for little-endian machines.");
        }

        CheckedMapping file = CheckedMapping.Open(path);
        var header = new ReadOnlySpan<byte>(file.Start, (int)Math.Min(ExactIndexLayout.HeaderBytes, file.Length));
        (ExactIndexLayout layout, uint sumOfSums) = ExactIndexLayout.Read(path, header, file.Length);
        uint[] sums = new uint[layout.Blocks];
        new ReadOnlySpan<uint>(file.Start + layout.Sums, sums.Length).CopyTo(sums);
        if (CheckedMapping.Sum(MemoryMarshal.AsBytes(sums.AsSpan())) != sumOfSums)
        {
            throw new SemblanceException($"{path}: the checksums are damaged; build the index again or restore it.");
        }

        file.Expect(layout.Ids, layout.Sums, sums);
        if (checkAll)
        {
            file.Require(layout.Ids, layout.Sums);
        }

        var rows = new PanelSegment(
            layout.Format,
            layout.Dimension,
            layout.Count,
            RowMemory.Map(file, layout.Ids, layout.IdBytes),
            RowMemory.Map(file, layout.Panels, layout.PanelBytes),
            layout.Format.KeepsOriginals ? RowMemory.Map(file, layout.Originals, layout.OriginalBytes) : null);
        return ExactIndex.Over(layout.Format, layout.Dimension, layout.Count == 0 ? [] : [new SegmentView(rows, layout.Count, [], 0)]);
    }

    /// <summary>Writes an index, without what was removed; a file that is there is replaced in one step.</summary>
    /// <param name="index">The index.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the writing; what was there stays.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Save(ExactIndex index, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        var layout = new ExactIndexLayout(index.Format, index.Dimension, index.Count);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[ExactIndexLayout.HeaderBytes]);
            var content = new SummedStream(stream, layout.Ids);
            WriteIds(index, content);
            content.PadTo(layout.Panels);
            WritePanels(index, content, cancellationToken);
            content.PadTo(layout.Originals);
            if (layout.Format.KeepsOriginals)
            {
                WriteOriginals(index, content, cancellationToken);
            }

            content.PadTo(layout.Sums);
            byte[] sums = new byte[layout.Blocks * sizeof(uint)];
            uint[] blocks = content.Sums();
            for (int i = 0; i < blocks.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(sums.AsSpan(i * sizeof(uint)), blocks[i]);
            }

            stream.Write(sums);
            stream.Position = 0;
            stream.Write(layout.Header(CheckedMapping.Sum(sums)));
        });
    }

    private static void WriteIds(ExactIndex index, SummedStream to)
    {
        foreach (SegmentView segment in index.Segments)
        {
            segment.Rows.RequireIds(0, segment.Count);
            for (int panel = 0; panel < segment.Panels; panel++)
            {
                ReadOnlySpan<long> ids = segment.Ids(panel);
                if (segment.StruckOut(panel) == 0)
                {
                    to.Write(MemoryMarshal.AsBytes(ids));
                    continue;
                }

                for (int i = 0; i < ids.Length; i++)
                {
                    if (segment.IsLive((panel * PanelSegment.PanelRows) + i))
                    {
                        to.Write(MemoryMarshal.AsBytes(ids.Slice(i, 1)));
                    }
                }
            }

            GC.KeepAlive(segment);
        }
    }

    private static void WritePanels(ExactIndex index, SummedStream to, CancellationToken cancellationToken)
    {
        RowMemory packed = RowMemory.Allocate(index.Format.PanelBytes(index.Dimension));
        var panelOut = new Span<byte>(packed.Start, (int)packed.Length);
        int lane = 0;
        foreach (SegmentView segment in index.Segments)
        {
            for (int panel = 0; panel < segment.Panels; panel++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                segment.Rows.Require(panel, panel + 1);
                byte* from = segment.Rows.Panel(panel);
                int rows = segment.Ids(panel).Length;
                if (lane == 0 && rows == PanelSegment.PanelRows && segment.StruckOut(panel) == 0)
                {
                    to.Write(new ReadOnlySpan<byte>(from, panelOut.Length));
                    continue;
                }

                for (int i = 0; i < rows; i++)
                {
                    if (!segment.IsLive((panel * PanelSegment.PanelRows) + i))
                    {
                        continue;
                    }

                    index.Format.Copy(from, i, packed.Start, lane++, index.Dimension);
                    if (lane == PanelSegment.PanelRows)
                    {
                        to.Write(panelOut);
                        panelOut.Clear();
                        lane = 0;
                    }
                }
            }

            GC.KeepAlive(segment);
        }

        if (lane > 0)
        {
            to.Write(panelOut);
        }

        GC.KeepAlive(packed);
    }

    private static void WriteOriginals(ExactIndex index, SummedStream to, CancellationToken cancellationToken)
    {
        foreach (SegmentView segment in index.Segments)
        {
            for (int row = 0; row < segment.Count; row++)
            {
                if (segment.IsLive(row))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    segment.Rows.RequireOriginal(row);
                    to.Write(new ReadOnlySpan<byte>(segment.Rows.Original(row), index.Dimension * sizeof(float)));
                }
            }

            GC.KeepAlive(segment);
        }
    }
}
