namespace Semblance.Recognition.Search;

/// <summary>
/// What one snapshot of an index sees of a segment: its first rows, less those struck out. Bits of struck-out rows are never written in
/// place, so other snapshots keep seeing theirs.
/// </summary>
/// <param name="Rows">The rows, shared with other snapshots.</param>
/// <param name="Count">Rows written, struck out ones included.</param>
/// <param name="Struck">Per panel, a bit for each row that is struck out; panels past the end have none.</param>
/// <param name="StruckCount">How many are struck out.</param>
internal sealed record SegmentView(PanelSegment Rows, int Count, uint[] Struck, int StruckCount)
{
    /// <summary>A segment is copied when more than one row in this many is struck out.</summary>
    private const int MostStruck = 4;

    public int LiveCount => Count - StruckCount;

    public int Panels => PanelSegment.PanelsOf(Count);

    /// <summary>An empty segment with room for rows.</summary>
    public static SegmentView WithRoom(RowFormat format, int dimension, int rows) => new(new PanelSegment(format, dimension, rows), 0, [], 0);

    /// <summary>The bits of a panel's struck-out rows.</summary>
    public uint StruckOut(int panel) => panel < Struck.Length ? Struck[panel] : 0;

    public bool IsLive(int row) => ((StruckOut(row / PanelSegment.PanelRows) >> (row % PanelSegment.PanelRows)) & 1) == 0;

    /// <summary>The ids of a panel's rows.</summary>
    public ReadOnlySpan<long> Ids(int panel)
    {
        int row = panel * PanelSegment.PanelRows;
        return Rows.Ids(row, Math.Min(PanelSegment.PanelRows, Count - row));
    }

    /// <summary>Strikes rows out; returns this where none has such an id.</summary>
    public SegmentView Without(RemovedIds gone)
    {
        Rows.RequireIds(0, Count);
        uint[]? struck = null;
        int more = 0;
        foreach (int row in gone.In(Rows.Ids(0, Count)))
        {
            if (IsLive(row))
            {
                if (struck is null)
                {
                    struck = new uint[Panels];
                    Struck.CopyTo(struck, 0);
                }

                struck[row / PanelSegment.PanelRows] |= 1u << (row % PanelSegment.PanelRows);
                more++;
            }
        }

        GC.KeepAlive(Rows);
        if (struck is null)
        {
            return this;
        }

        var left = new SegmentView(Rows, Count, struck, StruckCount + more);
        return left.StruckCount > left.Count / MostStruck ? left.Compacted() : left;
    }

    /// <summary>A copy without what is struck out. Rows keep their bits, so scores stay the same.</summary>
    private SegmentView Compacted()
    {
        if (LiveCount == 0)
        {
            return new SegmentView(Rows, 0, [], 0);
        }

        Rows.Require(0, Panels);
        var rows = new PanelSegment(Rows.Format, Rows.Dimension, LiveCount);
        _ = rows.TryClaim(0, LiveCount);
        int to = 0;
        for (int row = 0; row < Count; row++)
        {
            if (IsLive(row))
            {
                Rows.CopyTo(row, rows, to++);
            }
        }

        return new SegmentView(rows, to, [], 0);
    }
}
