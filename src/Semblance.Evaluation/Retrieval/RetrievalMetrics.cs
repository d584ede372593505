namespace Semblance.Evaluation.Retrieval;

/// <summary>
/// Retrieval within one set: every photo is a query against all others, ranked by Euclidean distance (Musgrave, Belongie and Lim 2020, "A
/// Metric Learning Reality Check", §3.3). Ties count against the query: a stranger at the same distance ranks before a photo of the same person.
/// </summary>
public static class RetrievalMetrics
{
    /// <summary>Evaluates by exhaustive comparison, in parallel and in double precision.</summary>
    /// <param name="embeddings">One row for each photo, all of one length, taken as they are.</param>
    /// <param name="labels">The identity of each photo.</param>
    /// <param name="recallAt">The k of recall at k, each at least 1.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    /// <exception cref="ArgumentException">Counts or lengths disagree.</exception>
    /// <exception cref="SemblanceException">No photo has another of its person: there is nothing to find.</exception>
    public static RetrievalReport Evaluate(
        IReadOnlyList<double[]> embeddings, IReadOnlyList<int> labels, IReadOnlyList<int> recallAt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(recallAt);
        if (embeddings.Count != labels.Count || embeddings.Any(e => e.Length != embeddings[0].Length) || recallAt.Any(k => k < 1))
        {
            throw new ArgumentException($"{embeddings.Count} embeddings for {labels.Count} labels, of one length, and k of 1 or more are expected.", nameof(embeddings));
        }

        Dictionary<int, int> sizes = labels.CountBy(l => l).ToDictionary();
        int[] queries = [.. Enumerable.Range(0, labels.Count).Where(i => sizes[labels[i]] > 1)];
        if (queries.Length == 0)
        {
            throw new SemblanceException($"retrieval needs identities with two photos or more; all {labels.Count} photos are of different people.");
        }

        Query[] found = new Query[queries.Length];
        Parallel.For(0, queries.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            found[i] = Search(embeddings, labels, queries[i], sizes[labels[queries[i]]] - 1));
        return new RetrievalReport(
            queries.Length,
            labels.Count - queries.Length,
            recallAt.Distinct().ToDictionary(k => k, k => found.Average(q => q.FirstHit <= k ? 1.0 : 0)),
            found.Average(q => 1.0 / q.FirstHit),
            found.Average(q => q.RPrecision),
            found.Average(q => q.AverageAtR),
            found.Average(q => q.Average));
    }

    private static Query Search(IReadOnlyList<double[]> embeddings, IReadOnlyList<int> labels, int query, int relevant)
    {
        (double Distance, bool Hit)[] ranked =
        [
            .. Enumerable.Range(0, labels.Count).Where(i => i != query)
                .Select(i => (SquaredDistance(embeddings[query], embeddings[i]), labels[i] == labels[query]))
                .OrderBy(r => r.Item1).ThenBy(r => r.Item2),
        ];
        int hits = 0;
        int first = 0;
        double average = 0;
        double averageAtR = 0;
        int hitsAtR = 0;
        for (int rank = 1; rank <= ranked.Length && hits < relevant; rank++)
        {
            if (!ranked[rank - 1].Hit)
            {
                continue;
            }

            hits++;
            first = first == 0 ? rank : first;
            average += (double)hits / rank;
            if (rank <= relevant)
            {
                averageAtR += (double)hits / rank;
                hitsAtR = hits;
            }
        }

        return new Query(first, (double)hitsAtR / relevant, averageAtR / relevant, average / relevant);
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }

    private readonly record struct Query(int FirstHit, double RPrecision, double AverageAtR, double Average);
}
