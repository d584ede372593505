using Semblance.Data;
using Semblance.Evaluation.Clustering;
using Semblance.Recognition.Clustering;

namespace Semblance.Cli.Clustering;

/// <summary>What a clustering did; printed by <c>--json</c> and left as clusters.json.</summary>
internal sealed record ClusterReport
{
    public required string Source { get; init; }

    public required string Output { get; init; }

    public required string Model { get; init; }

    public required string Algorithm { get; init; }

    public required ClusteringThreshold Threshold { get; init; }

    /// <summary>Null where the algorithm looks at all neighbours.</summary>
    public required int? Neighbours { get; init; }

    /// <summary>Null where nothing is drawn at random.</summary>
    public required ulong? Seed { get; init; }

    public required int MinSize { get; init; }

    public required int Photos { get; init; }

    public required int Faces { get; init; }

    public required int RefusedFaces { get; init; }

    public required int Clusters { get; init; }

    public required int FacesInClusters { get; init; }

    public required int FacesAlone { get; init; }

    public required int Largest { get; init; }

    /// <summary>People by the folders' names; null where there are no names.</summary>
    public required int? People { get; init; }

    /// <summary>Faces that bear such a name, which the scores are about; null where there are no names.</summary>
    public required int? NamedFaces { get; init; }

    /// <summary>Null where there are no names.</summary>
    public required ClusterScores? Scores { get; init; }

    public required IReadOnlyList<ClusterSummary> Groups { get; init; }

    /// <summary>The folder of copies; null where none was asked for.</summary>
    public string? CopyFolder { get; init; }

    public int? Copies { get; init; }

    public required IReadOnlyList<string> WithoutFace { get; init; }

    public required IReadOnlyList<UnreadableImage> Refused { get; init; }

    public required IReadOnlyList<UnreadableImage> Unreadable { get; init; }

    /// <summary>Seconds of finding and embedding faces.</summary>
    public required double CollectSeconds { get; init; }

    /// <summary>Seconds of grouping them.</summary>
    public required double ClusterSeconds { get; init; }

    public required double PhotosPerSecond { get; init; }
}

/// <summary>One group of a report.</summary>
internal sealed record ClusterSummary(int Cluster, int Size, double MeanCosine, string MedoidPhoto, string? Name);
