using System.Text.Json.Serialization;

namespace Semblance.Evaluation.Clustering;

/// <summary>
/// How well clusters match identities, counted over pairs and over photos. Pairwise: of all pairs of photos, which are together in both
/// (Manning, Raghavan and Schütze 2008, section 16.3). B-cubed: for each photo, which share of its cluster is its identity and which share
/// of its identity is in its cluster, averaged over photos (Bagga and Baldwin 1998; Amigó et al. 2009, section 3.4). F = 2PR / (P + R).
/// </summary>
public sealed record ClusterScores
{
    /// <summary>Of the pairs put together, the share of one identity, in [0, 1]; 1 where no pair was put together.</summary>
    [JsonPropertyName("pairwise_precision")]
    public required double PairwisePrecision { get; init; }

    /// <summary>Of the pairs of one identity, the share put together, in [0, 1]; 1 where there is no such pair.</summary>
    [JsonPropertyName("pairwise_recall")]
    public required double PairwiseRecall { get; init; }

    /// <summary>The harmonic mean of pairwise precision and recall.</summary>
    [JsonPropertyName("pairwise_f")]
    public double PairwiseF => HarmonicMean(PairwisePrecision, PairwiseRecall);

    /// <summary>B-cubed precision in (0, 1].</summary>
    [JsonPropertyName("bcubed_precision")]
    public required double BCubedPrecision { get; init; }

    /// <summary>B-cubed recall in (0, 1].</summary>
    [JsonPropertyName("bcubed_recall")]
    public required double BCubedRecall { get; init; }

    /// <summary>The harmonic mean of B-cubed precision and recall.</summary>
    [JsonPropertyName("bcubed_f")]
    public double BCubedF => HarmonicMean(BCubedPrecision, BCubedRecall);

    /// <summary>Counts.</summary>
    /// <param name="identities">The identity of each photo.</param>
    /// <param name="clusters">The cluster of each photo; photos with the same negative number are each alone.</param>
    /// <exception cref="ArgumentException">They are not of one length, or empty.</exception>
    public static ClusterScores Of(IReadOnlyList<int> identities, IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(clusters);
        if (identities.Count != clusters.Count || identities.Count == 0)
        {
            throw new ArgumentException($"{identities.Count} identities for {clusters.Count} clusters; expected one of each for every photo, and at least one photo.", nameof(clusters));
        }

        // A photo alone is a cluster of its own, below all numbers that are in use.
        int lowest = Math.Min(0, clusters.Min());
        int[] own = [.. clusters.Select((cluster, photo) => cluster < 0 ? lowest - 1 - photo : cluster)];
        Dictionary<int, int> perIdentity = identities.CountBy(i => i).ToDictionary();
        Dictionary<int, int> perCluster = own.CountBy(c => c).ToDictionary();
        double together = 0, precision = 0, recall = 0;
        foreach (((int identity, int cluster), int both) in identities.Zip(own).CountBy(cell => cell))
        {
            together += Pairs(both);
            precision += (double)both * both / perCluster[cluster];
            recall += (double)both * both / perIdentity[identity];
        }

        double clustered = perCluster.Values.Sum(Pairs);
        double genuine = perIdentity.Values.Sum(Pairs);
        return new ClusterScores
        {
            PairwisePrecision = clustered > 0 ? together / clustered : 1,
            PairwiseRecall = genuine > 0 ? together / genuine : 1,
            BCubedPrecision = precision / identities.Count,
            BCubedRecall = recall / identities.Count,
        };
    }

    private static double Pairs(int count) => count * (count - 1.0) / 2;

    private static double HarmonicMean(double precision, double recall) => precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}
