namespace Semblance.Recognition.Services;

/// <summary>What <see cref="ArraySearch"/> is to do.</summary>
public sealed record ArraySearchOptions
{
    /// <summary>The vectors to search among: a .npy file, where a row's number is its id, or an index file.</summary>
    public required string Gallery { get; init; }

    /// <summary>The vectors to search for, a .npy file.</summary>
    public required string Queries { get; init; }

    /// <summary>Rows wanted for each query, at least 1. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>The index, by its short description; null for what an index file is, otherwise <c>flat</c>. Of an index file of the kind <c>hnsw</c>, <c>ef</c> may be chosen anew.</summary>
    public string? Index { get; init; }

    /// <summary>Rows below this cosine are left out, in [−1, 1]; null for none.</summary>
    public float? Threshold { get; init; }

    /// <summary>Queries that share a pass over the gallery, at least 1. Default 256.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Where to write ids, queries × top int64, −1 where there is no row; null not to.</summary>
    public string? IdsPath { get; init; }

    /// <summary>Where to write cosines, queries × top float32, −∞ where there is no row; null not to.</summary>
    public string? ScoresPath { get; init; }

    /// <summary>Where to write the index as a file that later searches open at once; null not to.</summary>
    public string? SaveIndexPath { get; init; }
}
