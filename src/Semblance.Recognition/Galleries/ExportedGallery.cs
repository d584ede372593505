using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>The first line of an export as JSON lines.</summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="Version">The version of the lines' shape.</param>
/// <param name="Model">The model whose embeddings follow.</param>
/// <param name="Settings">How they are compared; null in version 1, which did not say.</param>
public sealed record ExportedGallery(
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("model")] GalleryModel Model,
    [property: JsonPropertyName("settings"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GallerySettings? Settings = null)
{
    /// <summary>What the first line calls the format.</summary>
    public const string FormatName = "semblance-gallery";

    /// <summary>The version that is written.</summary>
    public const int CurrentVersion = 2;
}
