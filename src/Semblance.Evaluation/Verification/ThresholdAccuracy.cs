namespace Semblance.Evaluation.Verification;

/// <summary>A threshold and the share of pairs that it decides rightly.</summary>
/// <param name="Threshold">The lowest accepted score.</param>
/// <param name="Accuracy">Rightly decided pairs / pairs, in [0, 1].</param>
public readonly record struct ThresholdAccuracy(double Threshold, double Accuracy);
