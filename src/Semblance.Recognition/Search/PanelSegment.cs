namespace Semblance.Recognition.Search;

/// <summary>
/// A block of unit vectors, stored in panels of 32 rows: a panel holds column 0 of its 32 rows, then column 1, and so on. A SIMD register
/// so spans rows instead of columns, and a dot product ends without adding lanes up. Rows are only ever appended, so snapshots share segments.
/// </summary>
internal sealed unsafe class PanelSegment
{
    /// <summary>Rows in a panel: two 512-bit registers of floats.</summary>
    public const int PanelRows = 32;

    private readonly RowMemory _ids;
    private readonly RowMemory _panels;
    private readonly RowMemory? _originals;
    private readonly int _panelBytes;
    private int _claimed;

    /// <summary>Creates an empty segment.</summary>
    public PanelSegment(RowFormat format, int dimension, int rows)
    {
        int panels = PanelsOf(rows);
        (Format, Dimension, Capacity, _panelBytes) = (format, dimension, panels * PanelRows, format.PanelBytes(dimension));
        _ids = RowMemory.Allocate((long)Capacity * sizeof(long));
        _panels = RowMemory.Allocate((long)panels * _panelBytes);
        _originals = format.KeepsOriginals ? RowMemory.Allocate((long)Capacity * dimension * sizeof(float)) : null;
    }

    /// <summary>A full segment over memory that holds its rows already.</summary>
    public PanelSegment(RowFormat format, int dimension, int rows, RowMemory ids, RowMemory panels, RowMemory? originals)
    {
        (Format, Dimension, Capacity, _panelBytes) = (format, dimension, rows, format.PanelBytes(dimension));
        (_ids, _panels, _originals, _claimed) = (ids, panels, originals, rows);
    }

    public RowFormat Format { get; }

    public int Dimension { get; }

    public int Capacity { get; }

    public long MemoryBytes => _ids.Length + _panels.Length + (_originals?.Length ?? 0);

    public static int PanelsOf(int rows) => (int)(((long)rows + PanelRows - 1) / PanelRows);

    /// <summary>Takes rows [from, from + count) for writing; false where they are taken or do not fit.</summary>
    public bool TryClaim(int from, int count) =>
        from + count <= Capacity && Interlocked.CompareExchange(ref _claimed, from + count, from) == from;

    /// <summary>The ids of rows [from, from + count).</summary>
    public ReadOnlySpan<long> Ids(int from, int count) => new((long*)_ids.Start + from, count);

    /// <summary>The first byte of a panel.</summary>
    public byte* Panel(int panel) => _panels.Start + ((nint)panel * _panelBytes);

    /// <summary>The float32 numbers of a row, where the format keeps them.</summary>
    public float* Original(int row) => (float*)_originals!.Start + ((nint)row * Dimension);

    /// <summary>Writes a claimed row of unit length.</summary>
    public void Write(int row, long id, ReadOnlySpan<float> unit)
    {
        ((long*)_ids.Start)[row] = id;
        Format.Write(Panel(row / PanelRows), row % PanelRows, unit);
        if (_originals is not null)
        {
            unit.CopyTo(new Span<float>(Original(row), Dimension));
        }

        GC.KeepAlive(this);
    }

    /// <summary>Copies a row as it is to a claimed row of a segment of the same format and dimension.</summary>
    public void CopyTo(int row, PanelSegment target, int targetRow)
    {
        ((long*)target._ids.Start)[targetRow] = Ids(row, 1)[0];
        Format.Copy(Panel(row / PanelRows), row % PanelRows, target.Panel(targetRow / PanelRows), targetRow % PanelRows, Dimension);
        if (_originals is not null)
        {
            new Span<float>(Original(row), Dimension).CopyTo(new Span<float>(target.Original(targetRow), Dimension));
        }

        GC.KeepAlive(this);
        GC.KeepAlive(target);
    }

    /// <summary>Makes sure that rows and ids of panels [from, to) are what was written, where they come from a file.</summary>
    public void Require(int from, int to)
    {
        RequireIds(from * PanelRows, Math.Min(to * PanelRows, Capacity));
        _panels.Require((long)from * _panelBytes, (long)to * _panelBytes);
    }

    /// <summary>The same for the ids of rows [from, to).</summary>
    public void RequireIds(int from, int to) => _ids.Require((long)from * sizeof(long), (long)to * sizeof(long));

    /// <summary>The same for the float32 numbers of a row.</summary>
    public void RequireOriginal(int row)
    {
        long bytes = (long)Dimension * sizeof(float);
        _originals!.Require(row * bytes, (row + 1) * bytes);
    }
}
