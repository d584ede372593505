namespace Semblance.Recognition.Search;

/// <summary>Per probe: the best k lower ends of score ranges, and every row whose upper end reached the k-th of them when it was seen.</summary>
internal sealed class Int8Candidates
{
    private const int PruneFrom = 1024;

    private readonly TopHits _lower;
    private readonly List<Int8Candidate>[] _candidates;
    private readonly int[] _pruneAt;

    public Int8Candidates(int probes, int top)
    {
        _lower = new TopHits(probes, top);
        _candidates = new List<Int8Candidate>[probes];
        _pruneAt = new int[probes];
        for (int i = 0; i < probes; i++)
        {
            _candidates[i] = [];
            _pruneAt[i] = Math.Max(PruneFrom, 4 * Math.Min(top, int.MaxValue / 4));
        }
    }

    /// <summary>
    /// A row whose upper end is below this is not among the best k. Scores are cut to [−1, 1] in the end, and ties there go by id, so a
    /// floor outside of that range rules nothing out.
    /// </summary>
    public float Floor(int probe)
    {
        float floor = _lower.Floors[probe];
        return floor <= -1 ? float.NegativeInfinity : Math.Min(floor, 1);
    }

    public void Add(int probe, Int8Candidate candidate, float lower)
    {
        List<Int8Candidate> candidates = _candidates[probe];
        candidates.Add(candidate);
        _lower.Offer(probe, candidate.Row, lower);
        if (candidates.Count >= _pruneAt[probe])
        {
            _ = Left(probe);
            _pruneAt[probe] = Math.Max(_pruneAt[probe], 2 * candidates.Count);
        }
    }

    public void Merge(Int8Candidates other)
    {
        _lower.Merge(other._lower);
        for (int probe = 0; probe < _candidates.Length; probe++)
        {
            _candidates[probe].AddRange(other._candidates[probe]);
        }
    }

    /// <summary>The candidates that the floor, which has risen meanwhile, leaves.</summary>
    public List<Int8Candidate> Left(int probe)
    {
        float floor = Floor(probe);
        _candidates[probe].RemoveAll(candidate => !(candidate.Upper >= floor));
        return _candidates[probe];
    }
}
