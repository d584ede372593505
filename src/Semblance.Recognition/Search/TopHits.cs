namespace Semblance.Recognition.Search;

/// <summary>
/// The best k rows seen so far for each of several probes: a bounded heap per probe with the worst of the best at its root. The order is total
/// (higher score first, then lower id), so the result does not depend on the order of offering.
/// </summary>
internal sealed class TopHits
{
    private readonly int _top;
    private readonly SearchHit[] _heaps;
    private readonly int[] _counts;

    public TopHits(int probes, int top)
    {
        _top = top;
        _heaps = new SearchHit[checked(probes * top)];
        _counts = new int[probes];
        Floors = new float[probes];
        Array.Fill(Floors, float.NegativeInfinity);
    }

    /// <summary>Per probe: scores below this cannot enter. −∞ until k rows are in.</summary>
    public float[] Floors { get; }

    public void Offer(int probe, long id, float score)
    {
        Span<SearchHit> heap = _heaps.AsSpan(probe * _top, _top);
        var hit = new SearchHit(id, score);
        int count = _counts[probe];
        if (count < _top)
        {
            heap[count] = hit;
            SiftUp(heap, count);
            _counts[probe] = ++count;
        }
        else if (IsWorse(heap[0], hit))
        {
            heap[0] = hit;
            SiftDown(heap);
        }

        if (count == _top)
        {
            Floors[probe] = heap[0].Score;
        }
    }

    /// <summary>Takes over what another collected.</summary>
    public void Merge(TopHits other)
    {
        for (int probe = 0; probe < _counts.Length; probe++)
        {
            foreach (SearchHit hit in other._heaps.AsSpan(probe * other._top, other._counts[probe]))
            {
                Offer(probe, hit.Id, hit.Score);
            }
        }
    }

    /// <summary>The hits of one probe, best first.</summary>
    public SearchHit[] Sorted(int probe)
    {
        SearchHit[] hits = _heaps.AsSpan(probe * _top, _counts[probe]).ToArray();
        Array.Sort(hits, static (a, b) => IsWorse(a, b) ? 1 : IsWorse(b, a) ? -1 : 0);
        return hits;
    }

    private static bool IsWorse(SearchHit a, SearchHit b) => a.Score < b.Score || (a.Score == b.Score && a.Id > b.Id);

    private static void SiftUp(Span<SearchHit> heap, int at)
    {
        while (at > 0 && IsWorse(heap[at], heap[(at - 1) / 2]))
        {
            int parent = (at - 1) / 2;
            (heap[at], heap[parent]) = (heap[parent], heap[at]);
            at = parent;
        }
    }

    private static void SiftDown(Span<SearchHit> heap)
    {
        int at = 0;
        while ((2 * at) + 1 < heap.Length)
        {
            int child = (2 * at) + 1;
            if (child + 1 < heap.Length && IsWorse(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!IsWorse(heap[child], heap[at]))
            {
                return;
            }

            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }
}
