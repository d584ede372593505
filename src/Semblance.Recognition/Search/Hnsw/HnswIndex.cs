using System.Numerics.Tensors;

namespace Semblance.Recognition.Search;

/// <summary>
/// Approximate nearest neighbours by cosine: a graph of links between near rows, on levels each of which has a fraction of the rows of the
/// one below (hierarchical navigable small worlds: Malkov and Yashunin, 2018, arXiv 1603.09320; algorithms 1 to 5 of that paper). A search
/// compares a probe with some thousand rows instead of all. The graph is walked by codes of one byte a number; what is returned is scored by
/// float32, with the very cosines of exact search.
/// </summary>
/// <remarks>
/// <para>Threads: any number may search while one adds or removes; others that want to change the index wait for that one. A search never
/// waits. Rows added together are linked by all cores.</para>
/// <para>Removal: the row is not returned from then on, and its floats and code are zeroed before the call returns. Its links stay as a wire
/// between its neighbours until the lists that lead to it are mended, some with each further removal; then the slot is used again.</para>
/// <para>A search is exact where the graph would not pay or not suffice: with few rows, for a large part of the rows, with a filter that few
/// rows pass, and where the walk finds fewer rows than wanted.</para>
/// <para>Memory per row: 5 bytes a number, 8 × <see cref="HnswOptions.Links"/> for links, and about 60.</para>
/// </remarks>
public sealed class HnswIndex : IMutableVectorIndex
{
    private const int RowsPerStep = 4096;

    private readonly Lock _writing = new();
    private readonly Dictionary<long, int> _slots = [];
    private readonly HnswGraph _graph;
    private readonly HnswSweep _sweep;
    private readonly HnswOptions _options;
    private readonly bool _alwaysWalk;
    private volatile int _searchWidth;
    private int _count;

    /// <summary>Creates an index without rows.</summary>
    /// <param name="dimension">Floats in a vector, 1 to 65,536.</param>
    /// <param name="options">How to build and search it; null for the defaults.</param>
    public HnswIndex(int dimension, HnswOptions? options = null)
        : this(dimension, options ?? new HnswOptions(), alwaysWalk: false)
    {
    }

    internal HnswIndex(int dimension, HnswOptions options, bool alwaysWalk)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, ExactIndex.MaxDimension);
        options.Check();
        (Dimension, _options, _searchWidth, _alwaysWalk) = (dimension, options, options.SearchWidth, alwaysWalk);
        _graph = new HnswGraph(dimension, options);
        _sweep = new HnswSweep(_graph);
    }

    /// <inheritdoc/>
    public string Description => Options.Description;

    /// <summary>How the index is built and searched.</summary>
    public HnswOptions Options => _options with { SearchWidth = _searchWidth };

    /// <summary>Candidates kept during a search; may be changed at any time, 1 to 100,000.</summary>
    public int SearchWidth
    {
        get => _searchWidth;
        set
        {
            (_options with { SearchWidth = value }).Check();
            _searchWidth = value;
        }
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public long MemoryBytes
    {
        get
        {
            const int PerSlot = sizeof(int) + sizeof(long) + sizeof(byte) + 8;
            const int PerId = 28;
            int upper = _graph.Rows.Links * sizeof(int) / (_options.Links - 1);
            return ((long)_graph.Used * (_graph.Rows.BytesPerSlot + PerSlot + upper)) + ((long)Count * PerId);
        }
    }

    internal HnswGraph Graph => _graph;

    internal HnswSweep Sweep => _sweep;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An id is given twice or is in the index already; nothing is added.</exception>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors, CancellationToken cancellationToken = default)
    {
        RequireVectors(vectors, ids.Length, nameof(vectors));
        lock (_writing)
        {
            RequireNew(ids);
            for (int done = 0; done < ids.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(RowsPerStep, ids.Length - done);
                Insert(ids.Slice(done, count), vectors.Slice(done * Dimension, count * Dimension), cancellationToken);
                done += count;
            }
        }
    }

    /// <inheritdoc/>
    public int Remove(ReadOnlySpan<long> ids)
    {
        lock (_writing)
        {
            (int removed, int erased) = (0, 0);
            foreach (long id in ids)
            {
                if (!_slots.Remove(id, out int slot))
                {
                    continue;
                }

                removed++;
                Volatile.Write(ref _count, _slots.Count);
                if (!_graph.Rows.Others(slot).IsEmpty)
                {
                    _graph.TakeName(slot, id);
                    continue;
                }

                _graph.Erase(slot);
                _sweep.Erased(slot);
                erased++;
            }

            _sweep.Advance(erased);
            return removed;
        }
    }

    /// <inheritdoc/>
    public SearchHit[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, Func<long, bool>? accept = null, CancellationToken cancellationToken = default)
    {
        return Searcher(top).Search(Units(probes, count, top), accept, cancellationToken);
    }

    /// <summary>Finds the very nearest rows by looking at all of them, to measure how many of them a search by the graph finds.</summary>
    /// <param name="probes">count × <see cref="Dimension"/> floats; need not be of unit length.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most rows to return per probe, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">The probes have another length or a value is no finite number.</exception>
    public SearchHit[][] SearchExactly(ReadOnlySpan<float> probes, int count, int top, CancellationToken cancellationToken = default) =>
        Searcher(top).Scan(Units(probes, count, top), null, cancellationToken);

    /// <summary>Runs work while nothing changes, with no link to a removed row.</summary>
    internal T Still<T>(Func<T> work)
    {
        lock (_writing)
        {
            _sweep.Complete();
            return work();
        }
    }

    /// <summary>Takes over rows that are in the graph already.</summary>
    internal void Adopt(IEnumerable<(long Id, int Slot)> rows)
    {
        lock (_writing)
        {
            foreach ((long id, int slot) in rows)
            {
                _slots.Add(id, slot);
            }

            Volatile.Write(ref _count, _slots.Count);
        }
    }

    private HnswSearcher Searcher(int top) => new(_graph, () => Count, Math.Min(top, Math.Max(1, Count)), _searchWidth, _alwaysWalk);

    private float[][] Units(ReadOnlySpan<float> probes, int count, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        RequireVectors(probes, count, nameof(probes));
        float[][] units = new float[count][];
        for (int i = 0; i < count; i++)
        {
            units[i] = new float[Dimension];
            UnitLength.Scale(probes.Slice(i * Dimension, Dimension), units[i]);
        }

        return units;
    }

    private unsafe void Insert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors, CancellationToken cancellationToken)
    {
        var rows = new (int Slot, int Level)[ids.Length];
        _graph.MakeRoom(checked(_graph.Used + Math.Max(0, ids.Length - _sweep.Free)));
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (_sweep.TakeSlot(), _graph.DrawLevel());
        }

        int[] placed = new int[ids.Length];
        Array.Fill(placed, HnswRows.End);
        try
        {
            fixed (float* first = vectors)
            fixed (long* firstId = ids)
            {
                (nint values, nint names) = ((nint)first, (nint)firstId);
                void Place(int i, HnswScratch scratch) =>
                    placed[i] = _graph.Insert(rows[i].Slot, ((long*)names)[i], rows[i].Level, new ReadOnlySpan<float>((float*)values + ((nint)i * Dimension), Dimension), scratch);
                if (ids.Length == 1)
                {
                    HnswScratch scratch = _graph.Take();
                    Place(0, scratch);
                    _graph.GiveBack(scratch);
                }
                else
                {
                    Work.Run(ids.Length, _graph.Take, Place, _graph.GiveBack, cancellationToken);
                }
            }
        }
        finally
        {
            for (int i = 0; i < rows.Length; i++)
            {
                if (placed[i] != rows[i].Slot)
                {
                    _graph.Rows.Vacate(rows[i].Slot);
                    _sweep.GiveBack(rows[i].Slot);
                }

                if (placed[i] >= 0)
                {
                    _slots.Add(ids[i], placed[i]);
                }
            }

            Volatile.Write(ref _count, _slots.Count);
        }
    }

    private void RequireNew(ReadOnlySpan<long> ids)
    {
        HashSet<long>? given = ids.Length > 1 ? new HashSet<long>(ids.Length) : null;
        foreach (long id in ids)
        {
            if (given?.Add(id) == false || _slots.ContainsKey(id))
            {
                throw new ArgumentException($"Id {id} is {(_slots.ContainsKey(id) ? "in the index already" : "given twice")}; remove it first, or give each row an id of its own.", nameof(ids));
            }
        }
    }

    private void RequireVectors(ReadOnlySpan<float> vectors, int count, string name)
    {
        if (vectors.Length != (long)count * Dimension)
        {
            throw new ArgumentException($"{vectors.Length} floats given for {count} vectors of {Dimension}.", name);
        }

        if (!vectors.IsEmpty && !TensorPrimitives.IsFiniteAll(vectors))
        {
            throw new ArgumentException("A vector holds a value that is no finite number.", name);
        }
    }
}
