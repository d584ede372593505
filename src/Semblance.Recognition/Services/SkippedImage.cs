using System.Text.Json.Serialization;

namespace Semblance.Recognition.Services;

/// <summary>An image that was not enrolled.</summary>
/// <param name="Path">The image's path within its dataset.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record SkippedImage(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("reason")] string Reason);
