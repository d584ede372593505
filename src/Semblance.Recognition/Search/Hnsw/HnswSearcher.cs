namespace Semblance.Recognition.Search;

/// <summary>
/// Decides how a search is made, by the graph or by looking at all rows, and makes it. The graph would not pay for a large part of the rows,
/// or with a filter that few rows pass; and where a walk finds fewer rows than wanted, all are looked at.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="rowCount">Tells how many rows there are.</param>
/// <param name="top">Rows wanted.</param>
/// <param name="searchWidth">Candidates to keep at least.</param>
/// <param name="alwaysWalk">Whether the graph is used also where it would not pay.</param>
internal sealed class HnswSearcher(HnswGraph graph, Func<int> rowCount, int top, int searchWidth, bool alwaysWalk)
{
    private const int SampledRows = 256;

    // Growing the width of a walk more often than this cannot be worth more than a scan.
    private const int Attempts = 3;
    private const int WiderBy = 4;

    private int Count => rowCount();

    /// <summary>The nearest rows of each probe.</summary>
    /// <param name="units">Probes of unit length.</param>
    /// <param name="accept">Which ids may be returned; null for all.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public SearchHit[][] Search(float[][] units, Func<long, bool>? accept, CancellationToken cancellationToken)
    {
        int width = Width(accept);
        var results = new SearchHit[]?[units.Length];
        if (width > 0)
        {
            Walk(units, results, width, accept, cancellationToken);
        }

        int[] left = [.. Enumerable.Range(0, units.Length).Where(i => results[i] is null)];
        SearchHit[][] scanned = Scan([.. left.Select(i => units[i])], accept, cancellationToken);
        for (int i = 0; i < left.Length; i++)
        {
            results[left[i]] = scanned[i];
        }

        return results!;
    }

    /// <summary>The same by looking at all rows.</summary>
    public SearchHit[][] Scan(float[][] units, Func<long, bool>? accept, CancellationToken cancellationToken)
    {
        HnswRows rows = graph.Rows;
        SearchHit[][] results = new HnswScan(rows, Math.Min(graph.Used, rows.Capacity), accept).Search(units, top, cancellationToken);
        GC.KeepAlive(rows);
        return results;
    }

    /// <summary>Candidates that a walk has to keep; 0 where a scan is the better choice.</summary>
    private int Width(Func<long, bool>? accept)
    {
        long width = Math.Max(top, searchWidth);
        if (accept is not null)
        {
            // What is wanted of the accepted rows is as many times more of all rows as there are more of them.
            (int passed, int seen) = Sample(accept);
            width = passed == 0 ? int.MaxValue : ((width * seen) + passed - 1) / passed;
        }

        return IsScanBetter(width) ? 0 : (int)Math.Min(width, Count);
    }

    /// <summary>A walk scores about half the links of each row that it keeps, each from another place of the memory; a scan all rows in order.</summary>
    private bool IsScanBetter(long width) => alwaysWalk ? Count == 0 : width * graph.Rows.Links > Count;

    private (int Passed, int Seen) Sample(Func<long, bool> accept)
    {
        HnswRows rows = graph.Rows;
        int used = Math.Min(graph.Used, rows.Capacity);
        var scorer = new HnswScorer(rows, accept);
        var (passed, seen) = (0, 0);
        for (int i = 0; i < Math.Min(used, SampledRows); i++)
        {
            int slot = (int)((long)i * used / Math.Min(used, SampledRows));
            if (rows.IsLive(slot))
            {
                seen++;
                passed += scorer.TryRead(slot, out _) ? 1 : 0;
            }
        }

        GC.KeepAlive(rows);
        return (passed, seen);
    }

    private void Walk(float[][] units, SearchHit[]?[] results, int width, Func<long, bool>? accept, CancellationToken cancellationToken)
    {
        if (units.Length == 1)
        {
            HnswScratch scratch = graph.Take();
            results[0] = Walk(units[0], width, accept, scratch, cancellationToken);
            graph.GiveBack(scratch);
            return;
        }

        Work.Run(
            units.Length,
            graph.Take,
            (i, scratch) => results[i] = Walk(units[i], width, accept, scratch, cancellationToken),
            graph.GiveBack,
            cancellationToken);
    }

    /// <summary>The rows found for one probe; null where there should be more.</summary>
    private SearchHit[]? Walk(float[] unit, int width, Func<long, bool>? accept, HnswScratch scratch, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts && !IsScanBetter(width); attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            HnswRows rows = graph.Rows;
            SearchHit[] hits = new HnswProbe(rows, scratch, accept).Search(graph, unit, top, width);
            GC.KeepAlive(rows);
            if (hits.Length >= Math.Min(top, Count))
            {
                return hits;
            }

            // Too few were accepted, or rows went while they were looked at.
            width = accept is null ? width : (int)Math.Min((long)width * WiderBy, Math.Max(1, Count));
        }

        return null;
    }
}
