using System.Text.Json.Serialization;

namespace Semblance.Evaluation.Identification;

/// <summary>Closed-set identification: every probe's subject is enrolled, and the question is at which rank it is found.</summary>
/// <param name="Cmc">
/// The cumulative match characteristic: entry k − 1 is the identification rate at rank k, the share of probes whose subject is among the k
/// most similar, in [0, 1].
/// </param>
/// <param name="Probes">Number of probes searched.</param>
/// <param name="Subjects">Number of enrolled subjects.</param>
/// <param name="Templates">Number of enrolled templates.</param>
public sealed record IdentificationReport(
    [property: JsonPropertyName("cmc")] IReadOnlyList<double> Cmc,
    [property: JsonPropertyName("probes")] int Probes,
    [property: JsonPropertyName("subjects")] int Subjects,
    [property: JsonPropertyName("templates")] int Templates)
{
    /// <summary>The rank-1 identification rate, in [0, 1].</summary>
    [JsonPropertyName("rank1")]
    public double Rank1 => AtRank(1);

    /// <summary>The identification rate at a rank; beyond the last computed rank, the last.</summary>
    /// <param name="rank">At least 1.</param>
    public double AtRank(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        return Cmc[Math.Min(rank, Cmc.Count) - 1];
    }
}
