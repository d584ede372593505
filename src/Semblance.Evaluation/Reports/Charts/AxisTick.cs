namespace Semblance.Evaluation.Reports.Charts;

/// <summary>A labelled position on an axis.</summary>
/// <param name="Value">The position.</param>
/// <param name="Label">What is written there.</param>
public readonly record struct AxisTick(double Value, string Label);
