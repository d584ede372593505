using System.Text.Json.Serialization;

namespace Semblance.Evaluation.Protocols;

/// <summary>One held-out fold.</summary>
/// <param name="Fold">Its number in the pairs file, from 1.</param>
/// <param name="Accuracy">Share of its pairs decided rightly, in [0, 1].</param>
/// <param name="Threshold">The threshold, chosen on the other folds (on the fold itself where it is the only one).</param>
/// <param name="Pairs">Number of its pairs.</param>
public sealed record FoldResult(
    [property: JsonPropertyName("fold")] int Fold,
    [property: JsonPropertyName("accuracy")] double Accuracy,
    [property: JsonPropertyName("threshold")] double Threshold,
    [property: JsonPropertyName("pairs")] int Pairs);
