namespace Semblance.Recognition.Search;

/// <summary>The reading of a file whose bytes are proved.</summary>
internal sealed unsafe class HnswReading(string path, CheckedMapping file, HnswLayout layout)
{
    private const int RowsPerTask = 1024;

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
