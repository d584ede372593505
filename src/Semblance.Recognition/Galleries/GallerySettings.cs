using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>How a gallery's embeddings are compared. Stored with the gallery and moved with it.</summary>
public sealed record GallerySettings
{
    /// <summary>The comparison; cosine similarity is the only one that the losses of this field train for.</summary>
    [JsonPropertyName("metric")]
    public string Metric { get; init; } = "cosine";

    /// <summary>The least cosine of a match, in [−1, 1]; null to decide by the model's card.</summary>
    [JsonPropertyName("threshold")]
    public double? Threshold { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        if (Metric != "cosine")
        {
            throw new UsageException($"metric is '{Metric}'; expected cosine.");
        }

        if (Threshold is { } threshold && !(threshold >= -1 && threshold <= 1))
        {
            throw new UsageException($"threshold is {threshold}; expected a cosine from -1 to 1.");
        }
    }
}
