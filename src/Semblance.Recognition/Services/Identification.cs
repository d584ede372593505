using System.Text.Json.Serialization;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Services;

/// <summary>Who is on an image, as far as the gallery knows.</summary>
public sealed record Identification
{
    /// <summary>The image.</summary>
    [JsonPropertyName("image")]
    public required string Image { get; init; }

    /// <summary>Which face of a photograph this is about; null for an aligned crop, or where the image cannot be used.</summary>
    [JsonPropertyName("face")]
    public IdentifiedFace? Face { get; init; }

    /// <summary>Whether the best candidate passes the threshold; null where neither gallery nor model has one, or the image cannot be read.</summary>
    [JsonPropertyName("match")]
    public required bool? Match { get; init; }

    /// <summary>The threshold used; null where neither gallery nor model has one.</summary>
    [JsonPropertyName("threshold")]
    public required MatchThreshold? Threshold { get; init; }

    /// <summary>The nearest subjects, best first; empty where the gallery is, or the image cannot be read.</summary>
    [JsonPropertyName("candidates")]
    public required IReadOnlyList<SubjectMatch> Candidates { get; init; }

    /// <summary>Why the image could not be used; null where it could.</summary>
    [JsonPropertyName("error")]
    public required string? Error { get; init; }
}
