using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Protocols;

/// <summary>
/// The default: of all training scores, the smallest that gives the best training accuracy; accepted where score ≥ threshold. Exact and
/// free of a grid; the procedure of the LFW report (Huang, Ramesh, Berg and Learned-Miller 2007, section 4).
/// </summary>
public sealed class BestScoreRule : IThresholdRule
{
    /// <inheritdoc/>
    public double Choose(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same) =>
        VerificationMetrics.BestAccuracy(ComparisonScores.Create(scores, same)).Threshold;

    /// <inheritdoc/>
    public bool Accept(double score, double threshold) => score >= threshold;
}
