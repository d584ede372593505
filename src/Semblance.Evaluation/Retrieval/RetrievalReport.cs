namespace Semblance.Evaluation.Retrieval;

/// <summary>How well a set ranks photos of the same person first, each photo being searched among all others.</summary>
/// <param name="Queries">Photos that have another of their person, over which everything else is averaged.</param>
/// <param name="LoneQueries">Photos that are alone: left out as queries, but found by others.</param>
/// <param name="RecallAt">The share of queries with a photo of their person among the first k, by k.</param>
/// <param name="MeanReciprocalRank">Mean of one over the rank of the first hit.</param>
/// <param name="RPrecision">Mean share of hits among the first R, R being the number of the query's own photos (Manning, Raghavan and Schütze 2008, §8.4).</param>
/// <param name="MapAtR">Mean average precision at R (Musgrave, Belongie and Lim 2020, "A Metric Learning Reality Check", eq. 1 and 2).</param>
/// <param name="MeanAveragePrecision">Mean average precision over the whole ranking.</param>
public sealed record RetrievalReport(
    int Queries,
    int LoneQueries,
    IReadOnlyDictionary<int, double> RecallAt,
    double MeanReciprocalRank,
    double RPrecision,
    double MapAtR,
    double MeanAveragePrecision)
{
    /// <summary>Recall at k if lone photos counted as misses.</summary>
    /// <param name="k">One of <see cref="RecallAt"/>'s.</param>
    public double RecallCountingLone(int k) => RecallAt[k] * Queries / (Queries + LoneQueries);
}
