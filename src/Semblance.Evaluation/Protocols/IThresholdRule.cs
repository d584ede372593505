namespace Semblance.Evaluation.Protocols;

/// <summary>How a cross-validated protocol picks a threshold on its training folds and applies it to the held-out one.</summary>
public interface IThresholdRule
{
    /// <summary>Picks a threshold.</summary>
    /// <param name="scores">Similarities of the training folds, free of NaN, at least one.</param>
    /// <param name="same">For each score, whether both samples are of one person.</param>
    /// <returns>The threshold, in the rule's own unit.</returns>
    double Choose(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same);

    /// <summary>Decides one comparison.</summary>
    /// <param name="score">The similarity.</param>
    /// <param name="threshold">What <see cref="Choose"/> returned.</param>
    bool Accept(double score, double threshold);
}
