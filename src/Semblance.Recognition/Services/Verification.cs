using System.Text.Json.Serialization;

namespace Semblance.Recognition.Services;

/// <summary>Whether two images show the same person.</summary>
/// <param name="First">The first image.</param>
/// <param name="Second">The second image.</param>
/// <param name="Cosine">The cosine of their embeddings, in [−1, 1].</param>
/// <param name="Same">Whether the cosine passes the threshold; null where the model's card has none.</param>
/// <param name="Threshold">The threshold used; null where the model's card has none.</param>
public sealed record Verification(
    [property: JsonPropertyName("first")] string First,
    [property: JsonPropertyName("second")] string Second,
    [property: JsonPropertyName("cosine")] float Cosine,
    [property: JsonPropertyName("same")] bool? Same,
    [property: JsonPropertyName("threshold")] MatchThreshold? Threshold);
