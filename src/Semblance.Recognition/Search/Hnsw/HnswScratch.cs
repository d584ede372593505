using System.Runtime.InteropServices;

namespace Semblance.Recognition.Search;

/// <summary>What one thread needs to walk a graph; taken from a pool and given back.</summary>
internal sealed unsafe class HnswScratch
{
    private readonly sbyte[] _probe;
    private readonly sbyte[] _other;
    private byte[] _visited = [];
    private byte _epoch;
    private int[] _list = new int[256];
    private int _listed;

    public HnswScratch(HnswRows rows)
    {
        _probe = GC.AllocateArray<sbyte>(rows.CodeBytes + 64, pinned: true);
        _other = GC.AllocateArray<sbyte>(rows.CodeBytes + 64, pinned: true);
        Unit = new float[rows.Dimension];
    }

    /// <summary>The probe as signed bytes.</summary>
    public sbyte* Probe => Aligned(_probe);

    /// <summary>Room for another row as signed bytes.</summary>
    public sbyte* Other => Aligned(_other);

    /// <summary>The probe's scale, error and sum.</summary>
    public CodeTail ProbeTail { get; set; }

    /// <summary>Room for a vector of unit length.</summary>
    public float[] Unit { get; }

    /// <summary>The best slots found.</summary>
    public HnswPool Pool { get; } = new();

    /// <summary>Rows found, scored by their floats.</summary>
    public HnswHits Hits { get; } = new();

    /// <summary>Links chosen for a new row, one list a level.</summary>
    public List<List<int>> Chosen { get; } = [];

    /// <summary>Slots to look at next.</summary>
    public ReadOnlySpan<int> Listed => _list.AsSpan(0, _listed);

    /// <summary>Forgets what was visited.</summary>
    /// <param name="slots">Slots past this do not count.</param>
    public void Begin(int slots)
    {
        if (_visited.Length < slots)
        {
            _visited = new byte[slots];
            _epoch = 0;
        }

        if (++_epoch == 0)
        {
            _visited.AsSpan().Clear();
            _epoch = 1;
        }

        _listed = 0;
    }

    public void ClearList() => _listed = 0;

    /// <summary>Lists the slots among these that were not visited yet, and marks them.</summary>
    public void List(ReadOnlySpan<int> links)
    {
        if (_listed + links.Length > _list.Length)
        {
            Array.Resize(ref _list, Math.Max(2 * _list.Length, _listed + links.Length));
        }

        byte[] visited = _visited;
        byte epoch = _epoch;
        int listed = _listed;
        foreach (ref readonly int link in links)
        {
            int slot = Volatile.Read(in link);
            if (slot == HnswRows.End)
            {
                break;
            }

            if ((uint)slot < (uint)visited.Length && visited[slot] != epoch)
            {
                visited[slot] = epoch;
                _list[listed++] = slot;
            }
        }

        _listed = listed;
    }

    private static sbyte* Aligned(sbyte[] pinned)
    {
        var start = (sbyte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return start + (-(nint)start & 63);
    }
}
