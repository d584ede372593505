using System.Text.Json.Serialization;

namespace Semblance.Evaluation.Verification;

/// <summary>TAR@FAR: the share of genuine pairs accepted at the lowest threshold whose false accept rate does not exceed a target.</summary>
/// <param name="FarTarget">The target, in (0, 1].</param>
/// <param name="Tar">True accept rate there, in [0, 1]; 0 where no threshold keeps within the target.</param>
/// <param name="Threshold">The smallest score that keeps within the target; null where even the highest score does not.</param>
/// <param name="FarAchieved">The false accept rate at that threshold, at most the target.</param>
/// <param name="FalseAccepts">The number of impostor pairs accepted there.</param>
/// <param name="ImpostorPairs">The number of impostor pairs that the rate was measured on.</param>
public sealed record OperatingPoint(
    [property: JsonPropertyName("far")] double FarTarget,
    [property: JsonPropertyName("tar")] double Tar,
    [property: JsonPropertyName("threshold")] double? Threshold,
    [property: JsonPropertyName("far_achieved")] double FarAchieved,
    [property: JsonPropertyName("false_accepts")] int FalseAccepts,
    [property: JsonPropertyName("impostor_pairs")] int ImpostorPairs)
{
    /// <summary>
    /// Whether the target can be measured at all: false where FAR &lt; 1 / impostor pairs, for there the "rate" is that of zero false
    /// accepts and says nothing of the target. A supported point may still be coarse: see <see cref="RuleOf30"/>.
    /// </summary>
    [JsonPropertyName("supported")]
    public bool Supported => FarTarget >= 1.0 / ImpostorPairs;

    /// <summary>
    /// Whether at least 30 false accepts are expected at the target. The rule of 30 (Doddington, Przybocki, Martin and Reynolds 2000):
    /// with 30 errors the true rate lies within ±30 % of the measured one at 90 % confidence; with fewer the interval is wider.
    /// </summary>
    [JsonPropertyName("rule_of_30")]
    public bool RuleOf30 => FarTarget * ImpostorPairs >= 30 * (1 - 1e-12);
}
