using System.Text.Json.Serialization;

namespace Semblance.Data;

/// <summary>An image that could not be read or decoded, and why.</summary>
/// <param name="Path">The image's path, relative to its dataset.</param>
/// <param name="Reason">A few words for a person, for example "cut short".</param>
public sealed record UnreadableImage(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("reason")] string Reason)
{
    /// <summary>Whether the image is a sound photograph that shows no usable face: a failure to acquire, in the terms of ISO/IEC 19795-1.</summary>
    [JsonPropertyName("has_no_face")]
    public bool HasNoFace { get; init; }
}
