using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>A person in a gallery.</summary>
/// <param name="Id">The subject's number, never used twice.</param>
/// <param name="Name">The name, unique within the gallery.</param>
/// <param name="Templates">How many templates the gallery holds of this person.</param>
/// <param name="Created">When the first of them was enrolled (UTC).</param>
public sealed record GallerySubject(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("templates")] int Templates,
    [property: JsonPropertyName("created")] DateTimeOffset Created);
