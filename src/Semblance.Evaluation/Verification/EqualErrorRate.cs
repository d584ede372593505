using System.Text.Json.Serialization;

namespace Semblance.Evaluation.Verification;

/// <summary>Where false accepts and false rejects are equally frequent.</summary>
/// <param name="Rate">
/// The x that solves 1 − x = TAR(x) on the ROC polyline through all operating points, linear between them, in [0, 1].
/// </param>
/// <param name="Threshold">The smallest score, used as a threshold, at which |FAR − FRR| is least.</param>
/// <param name="Far">False accept rate at <paramref name="Threshold"/>.</param>
/// <param name="Frr">False reject rate (1 − TAR) at <paramref name="Threshold"/>.</param>
public sealed record EqualErrorRate(
    [property: JsonPropertyName("rate")] double Rate,
    [property: JsonPropertyName("threshold")] double Threshold,
    [property: JsonPropertyName("far")] double Far,
    [property: JsonPropertyName("frr")] double Frr)
{
    /// <summary>(FAR + FRR) / 2 at <see cref="Threshold"/>: the estimate without interpolation.</summary>
    [JsonIgnore]
    public double NearestRate => (Far + Frr) / 2;
}
