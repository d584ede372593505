namespace Semblance.Recognition.Detection.Decoding;

/// <summary>The grid of cells that a detector lays over the frame at one stride.</summary>
/// <param name="Stride">Frame pixels per cell.</param>
internal readonly record struct GridLevel(int Stride)
{
    /// <summary>Cells in a row.</summary>
    public int Columns(int width) => (width + Stride - 1) / Stride;

    /// <summary>Rows of cells.</summary>
    public int Rows(int height) => (height + Stride - 1) / Stride;

    /// <summary>All cells.</summary>
    public int Cells(int width, int height) => Columns(width) * Rows(height);

    /// <summary>
    /// The strides 8, 16, 32, … and the anchors per cell (1 or 2) at which tables of these many rows come out; null where none do. Two grids
    /// with as many rows are told apart by falling order.
    /// </summary>
    /// <param name="rows">Rows of the tables, most first.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    public static (GridLevel[] Levels, int Anchors)? Match(IReadOnlyList<int> rows, int width, int height)
    {
        if (rows.Count is < 3 or > 5)
        {
            return null;
        }

        GridLevel[] levels = [.. Enumerable.Range(0, rows.Count).Select(i => new GridLevel(8 << i))];
        foreach (int anchors in (ReadOnlySpan<int>)[1, 2])
        {
            if (levels.Select(l => l.Cells(width, height) * anchors).SequenceEqual(rows))
            {
                return (levels, anchors);
            }
        }

        return null;
    }
}
