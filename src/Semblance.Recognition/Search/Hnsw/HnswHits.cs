namespace Semblance.Recognition.Search;

/// <summary>The best rows of one probe, and a few to spare for those that turn out to have gone meanwhile.</summary>
internal sealed class HnswHits
{
    private const int Spare = 16;

    private readonly List<HnswHit> _hits = [];
    private int _keep;
    private int _pruneAt;

    /// <summary>A score below this cannot be among the best.</summary>
    public float Floor { get; private set; }

    public int Count => _hits.Count;

    public void Begin(int top)
    {
        _hits.Clear();
        _keep = (int)Math.Min((long)top + Spare, int.MaxValue / 4);
        _pruneAt = Math.Max(2 * _keep, 64);
        Floor = float.NegativeInfinity;
    }

    public void Add(in HnswHit hit)
    {
        if (hit.Score < Floor)
        {
            return;
        }

        _hits.Add(hit);
        if (_hits.Count >= _pruneAt)
        {
            Prune();
        }
    }

    /// <summary>Takes over what another collected.</summary>
    public void Take(HnswHits other)
    {
        foreach (HnswHit hit in other._hits)
        {
            Add(hit);
        }
    }

    /// <summary>
    /// The hits whose slots have not changed since they were scored, best first. All scores were taken before the first of these looks, so
    /// there is a moment at which all that is returned was in the index together; no id can come twice.
    /// </summary>
    public SearchHit[] Unchanged(HnswRows rows, int top)
    {
        Prune();
        var unchanged = new List<SearchHit>(Math.Min(top, _hits.Count));
        foreach (HnswHit hit in _hits)
        {
            if (unchanged.Count < top && Volatile.Read(ref rows.Version(hit.Slot)) == hit.Version)
            {
                unchanged.Add(new SearchHit(hit.Id, hit.Score));
            }
        }

        return [.. unchanged];
    }

    private void Prune()
    {
        _hits.Sort();
        if (_hits.Count > _keep)
        {
            _hits.RemoveRange(_keep, _hits.Count - _keep);
        }

        if (_hits.Count == _keep)
        {
            Floor = _hits[^1].Score;
        }
    }
}
