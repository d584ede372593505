using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// A block of unit vectors, stored in panels of 32 rows: a panel holds column 0 of its 32 rows, then column 1, and so on. A SIMD register
/// so spans rows instead of columns, and a dot product ends without adding lanes up. Rows are only ever appended, so snapshots share segments.
/// </summary>
internal sealed class PanelSegment
{
    /// <summary>Rows in a panel: two 512-bit registers.</summary>
    public const int PanelRows = 32;

    private readonly float[] _storage;
    private readonly int _offset;
    private int _claimed;

    public PanelSegment(int dimension, int rows)
    {
        int panels = (rows + PanelRows - 1) / PanelRows;
        Dimension = dimension;
        Capacity = panels * PanelRows;
        Ids = new long[Capacity];

        // Pinned, so that the start can be moved to a cache line and stays there: an unaligned 64-byte load touches two lines.
        _storage = GC.AllocateArray<float>((Capacity * dimension) + 16, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);
        _offset = (int)((-address & 63) / sizeof(float));
    }

    public int Dimension { get; }

    public int Capacity { get; }

    public long MemoryBytes => ((long)_storage.Length * sizeof(float)) + ((long)Ids.Length * sizeof(long));

    public long[] Ids { get; }

    /// <summary>Takes rows [from, from + count) for writing; false where they are taken or do not fit.</summary>
    public bool TryClaim(int from, int count) =>
        from + count <= Capacity && Interlocked.CompareExchange(ref _claimed, from + count, from) == from;

    /// <summary>Writes a row, scaled to unit length; a zero vector stays zero.</summary>
    public void Write(int row, long id, ReadOnlySpan<float> vector)
    {
        Ids[row] = id;
        double factor = UnitLength.Factor(vector);
        int at = _offset + (row / PanelRows * PanelRows * Dimension) + (row % PanelRows);
        for (int c = 0; c < vector.Length; c++)
        {
            _storage[at + (c * PanelRows)] = (float)(vector[c] * factor);
        }
    }

    /// <summary>Copies a row as it is to a segment of the same dimension.</summary>
    public void CopyTo(int row, PanelSegment target, int targetRow)
    {
        target.Ids[targetRow] = Ids[row];
        ref float from = ref Unsafe.Add(ref Panel(row / PanelRows), row % PanelRows);
        ref float to = ref Unsafe.Add(ref target.Panel(targetRow / PanelRows), targetRow % PanelRows);
        for (nint c = 0; c < Dimension; c++)
        {
            Unsafe.Add(ref to, c * PanelRows) = Unsafe.Add(ref from, c * PanelRows);
        }
    }

    /// <summary>The first float of a panel.</summary>
    public ref float Panel(int panel) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_storage), (nint)_offset + ((nint)panel * PanelRows * Dimension));
}
