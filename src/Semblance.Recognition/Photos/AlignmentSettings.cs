using System.Text.Json.Serialization;

namespace Semblance.Recognition.Photos;

/// <summary>All that decides what an alignment makes of a photo.</summary>
public sealed record AlignmentSettings
{
    /// <summary>The detector's name.</summary>
    [JsonPropertyName("detector")]
    public required string Detector { get; init; }

    /// <summary>The template's name.</summary>
    [JsonPropertyName("template")]
    public required string Template { get; init; }

    /// <summary>Whether all faces were wanted or the main one.</summary>
    [JsonPropertyName("all_faces")]
    public required bool AllFaces { get; init; }

    /// <summary>The crops' file extension: jpg or png.</summary>
    [JsonPropertyName("format")]
    public required string Format { get; init; }

    /// <summary>The least that a face had to offer.</summary>
    [JsonPropertyName("thresholds")]
    public required QualityThresholds Thresholds { get; init; }

    /// <summary>Gathers the settings of a run.</summary>
    /// <param name="finder">Finds and aligns.</param>
    /// <param name="options">What is cut out.</param>
    public static AlignmentSettings Of(FaceFinder finder, AlignmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(finder);
        ArgumentNullException.ThrowIfNull(options);
        return new AlignmentSettings
        {
            Detector = finder.DetectorName,
            Template = finder.Template.Name,
            AllFaces = options.AllFaces,
            Format = options.Format == CropFormat.Png ? "png" : "jpg",
            Thresholds = options.Thresholds,
        };
    }
}
