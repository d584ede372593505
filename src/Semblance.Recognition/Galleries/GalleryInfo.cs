using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>A gallery at a glance.</summary>
/// <param name="Location">The file or server, for people.</param>
/// <param name="Model">The model whose embeddings it holds.</param>
/// <param name="Subjects">Number of subjects.</param>
/// <param name="Templates">Number of templates.</param>
/// <param name="Created">When the gallery was made (UTC).</param>
public sealed record GalleryInfo(
    [property: JsonPropertyName("location")] string Location,
    [property: JsonPropertyName("model")] GalleryModel Model,
    [property: JsonPropertyName("subjects")] long Subjects,
    [property: JsonPropertyName("templates")] long Templates,
    [property: JsonPropertyName("created")] DateTimeOffset Created);
