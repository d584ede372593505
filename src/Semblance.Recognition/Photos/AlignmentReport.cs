using System.Text.Json.Serialization;
using Semblance.Data;

namespace Semblance.Recognition.Photos;

/// <summary>What an alignment did. Written as <see cref="FileName"/> into the folder of crops: at the start with nothing done, at the end with all.</summary>
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

    /// <summary>What was asked for.</summary>
    [JsonPropertyName("settings")]
    public required AlignmentSettings Settings { get; init; }

    /// <summary>Whether all photos were dealt with; false in the folder of a run that goes on or was broken off.</summary>
    [JsonPropertyName("finished")]
    public required bool Finished { get; init; }

    /// <summary>Photos in the collection.</summary>
    [JsonPropertyName("photos")]
    public required int Photos { get; init; }

    /// <summary>Photos that gave at least one crop.</summary>
    [JsonPropertyName("aligned")]
    public int Aligned { get; init; }

    /// <summary>Crops in all.</summary>
    [JsonPropertyName("crops")]
    public int Crops { get; init; }

    /// <summary>Photos that an earlier run had dealt with already; they count in all other figures too.</summary>
    [JsonPropertyName("done_before")]
    public int DoneBefore { get; init; }

    /// <summary>Photos in which no face was found.</summary>
    [JsonPropertyName("without_face")]
    public IReadOnlyList<string> WithoutFace { get; init; } = [];

    /// <summary>Photos of which no face is good enough, and why the main one is not.</summary>
    [JsonPropertyName("refused")]
    public IReadOnlyList<UnreadableImage> Refused { get; init; } = [];

    /// <summary>Files that are no sound images, and why.</summary>
    [JsonPropertyName("unreadable")]
    public IReadOnlyList<UnreadableImage> Unreadable { get; init; } = [];

    /// <summary>Seconds it took.</summary>
    [JsonPropertyName("seconds")]
    public double Seconds { get; init; }

    /// <summary>Photos a second, those of earlier runs not counted; 0 where there was nothing to do.</summary>
    [JsonPropertyName("photos_per_second")]
    public double PhotosPerSecond { get; init; }
}
