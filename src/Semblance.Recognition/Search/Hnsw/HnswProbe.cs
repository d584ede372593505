namespace Semblance.Recognition.Search;

/// <summary>The search for one probe: a walk by codes (algorithm 5), then the float32 scores of what may be among the best.</summary>
internal sealed class HnswProbe(HnswRows rows, HnswScratch scratch, Func<long, bool>? accept)
{
    // Rounding errors of a row's numbers are as good as independent, so the error of an inner product with a unit vector has the standard
    // deviation |error| / √d. Four of them, at both ends of the comparison, leave out next to nothing.
    private const float Deviations = 4;

    /// <summary>Finds rows.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="unit">The probe, of unit length.</param>
    /// <param name="top">Rows wanted.</param>
    /// <param name="width">Candidates to keep on the walk.</param>
    public unsafe SearchHit[] Search(HnswGraph graph, float[] unit, int top, int width)
    {
        scratch.ProbeTail = HnswRows.Encode(unit, new Span<sbyte>(scratch.Probe, rows.CodeBytes));
        graph.Nearest(rows, scratch, width);
        HnswPool pool = scratch.Pool;
        HnswHits hits = scratch.Hits;
        hits.Begin(top);
        var scorer = new HnswScorer(rows, accept);
        float share = Math.Min(1, Deviations / MathF.Sqrt(rows.Dimension));
        float least = float.NegativeInfinity;
        int found = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            int slot = pool.Slot(i);
            float margin = share * (rows.Tail(rows.Code(slot))->Error + scratch.ProbeTail.Error);
            if (pool.Score(i) + margin < least)
            {
                break;
            }

            if (scorer.TryRead(slot, out HnswScorer.Named named))
            {
                scorer.Add(named, unit, hits);
                found += 1 + (named.Others?.Length ?? 0);
                if (found >= top && least == float.NegativeInfinity)
                {
                    least = pool.Score(i) - margin;
                }
            }
        }

        scorer.Flush(unit, hits);
        Interlocked.MemoryBarrier();
        return hits.Unchanged(rows, top);
    }
}
