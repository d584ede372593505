using System.Text.Json.Serialization;

namespace Semblance.Recognition.Services;

/// <summary>What a search over files took.</summary>
public sealed record ArraySearchReport
{
    /// <summary>The index.</summary>
    [JsonPropertyName("index")]
    public required string Index { get; init; }

    /// <summary>Vectors searched among.</summary>
    [JsonPropertyName("rows")]
    public required int Rows { get; init; }

    /// <summary>Numbers in a vector.</summary>
    [JsonPropertyName("dimension")]
    public required int Dimension { get; init; }

    /// <summary>Vectors searched for.</summary>
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>Rows wanted for each.</summary>
    [JsonPropertyName("top")]
    public required int Top { get; init; }

    /// <summary>Rows found in all.</summary>
    [JsonPropertyName("hits")]
    public required long Hits { get; init; }

    /// <summary>Seconds to build the index, reading included, or to open it.</summary>
    [JsonPropertyName("build_seconds")]
    public required double BuildSeconds { get; init; }

    /// <summary>Seconds of searching, without reading queries and writing results.</summary>
    [JsonPropertyName("search_seconds")]
    public required double SearchSeconds { get; init; }

    /// <summary>Queries a second.</summary>
    [JsonPropertyName("queries_per_second")]
    public required double QueriesPerSecond { get; init; }

    /// <summary>
    /// The share of the very nearest rows that the search finds, in [0, 1], measured on up to 100 of the queries; null where the index is exact.
    /// </summary>
    [JsonPropertyName("recall")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Recall { get; init; }

    /// <summary>Bytes of the index.</summary>
    [JsonPropertyName("index_bytes")]
    public required long IndexBytes { get; init; }

    /// <summary>The most bytes of memory that this process had at once.</summary>
    [JsonPropertyName("peak_bytes")]
    public required long PeakBytes { get; init; }
}
