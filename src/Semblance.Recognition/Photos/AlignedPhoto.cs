using System.Text.Json.Serialization;

namespace Semblance.Recognition.Photos;

/// <summary>The sidecar of a photo: where it came from, what was looked for, and the faces found. It is there for every sound photo, with a crop or without.</summary>
public sealed record AlignedPhoto
{
    /// <summary>The photo's path in its collection.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>SHA-256 of the photo's file, hex.</summary>
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    /// <summary>The photo's width in pixels, upright.</summary>
    [JsonPropertyName("width")]
    public required int Width { get; init; }

    /// <summary>The photo's height in pixels, upright.</summary>
    [JsonPropertyName("height")]
    public required int Height { get; init; }

    /// <summary>What was asked for: a run that asks for the same leaves the photo alone.</summary>
    [JsonPropertyName("settings")]
    public required AlignmentSettings Settings { get; init; }

    /// <summary>Faces found, also those that were not looked at further.</summary>
    [JsonPropertyName("faces_found")]
    public required int FacesFound { get; init; }

    /// <summary>The faces that were looked at, the main one first: with a crop, or refused and why.</summary>
    [JsonPropertyName("faces")]
    public required IReadOnlyList<AlignedFace> Faces { get; init; }
}
