using System.Text.Json.Serialization;
using Semblance.Data;

namespace Semblance.Recognition.Photos;

/// <summary>What an alignment did. Written as <see cref="FileName"/> into the folder of crops.</summary>
public sealed record AlignmentReport
{
    /// <summary>The report's file.</summary>
    public const string FileName = "align-report.json";

    /// <summary>The photographs.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>The folder of crops.</summary>
    [JsonPropertyName("output")]
    public required string Output { get; init; }

    /// <summary>The template that faces were aligned to.</summary>
    [JsonPropertyName("template")]
    public required string Template { get; init; }

    /// <summary>Photos looked at.</summary>
    [JsonPropertyName("photos")]
    public required int Photos { get; init; }

    /// <summary>Photos that gave at least one crop.</summary>
    [JsonPropertyName("aligned")]
    public required int Aligned { get; init; }

    /// <summary>Crops in all.</summary>
    [JsonPropertyName("crops")]
    public required int Crops { get; init; }

    /// <summary>Photos that an earlier run had aligned already.</summary>
    [JsonPropertyName("done_before")]
    public required int DoneBefore { get; init; }

    /// <summary>Photos in which no face was found.</summary>
    [JsonPropertyName("without_face")]
    public required IReadOnlyList<string> WithoutFace { get; init; }

    /// <summary>Photos whose faces are not good enough, and why.</summary>
    [JsonPropertyName("refused")]
    public required IReadOnlyList<UnreadableImage> Refused { get; init; }

    /// <summary>Files that are no sound images.</summary>
    [JsonPropertyName("unreadable")]
    public required IReadOnlyList<UnreadableImage> Unreadable { get; init; }

    /// <summary>Seconds it took.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }
}
