using System.Text.Json.Serialization;

namespace Semblance.Recognition.Photos;

/// <summary>What was found in a photo, see <see cref="PhotoInspector"/>.</summary>
public sealed record DetectedPhoto
{
    /// <summary>The photo.</summary>
    [JsonPropertyName("photo")]
    public required string Photo { get; init; }

    /// <summary>Its width in pixels, upright; null where it cannot be read.</summary>
    [JsonPropertyName("width")]
    public required int? Width { get; init; }

    /// <summary>Its height in pixels, upright; null where it cannot be read.</summary>
    [JsonPropertyName("height")]
    public required int? Height { get; init; }

    /// <summary>The faces, the main one first; empty where there is none or the photo cannot be read.</summary>
    [JsonPropertyName("faces")]
    public required IReadOnlyList<AlignedFace> Faces { get; init; }

    /// <summary>The drawing's file; null where none was asked for, or the photo cannot be read.</summary>
    [JsonPropertyName("drawing")]
    public required string? Drawing { get; init; }

    /// <summary>Why the photo cannot be read; null where it can.</summary>
    [JsonPropertyName("error")]
    public required string? Error { get; init; }
}
