using Semblance.Evaluation.Verification;

namespace Semblance.Cli.Commands;

/// <summary>The thresholds that a model file carries, taken from a verification experiment.</summary>
internal static class DecisionThresholds
{
    /// <summary>The threshold at the equal error rate, and that of each false match rate which the pairs suffice to measure.</summary>
    /// <param name="figures">The experiment; its people should be strangers to the model.</param>
    /// <returns>Cosines by name: "eer", "fmr=1e-2".</returns>
    public static IReadOnlyDictionary<string, double> Of(VerificationReport figures)
    {
        var thresholds = new Dictionary<string, double> { ["eer"] = figures.EerThreshold };
        foreach ((string rate, OperatingPoint point) in figures.TarAtFar)
        {
            if (point is { Supported: true, Threshold: { } threshold } && double.IsFinite(threshold))
            {
                thresholds[$"fmr={rate}"] = threshold;
            }
        }

        return thresholds;
    }
}
