namespace Semblance.Galleries.Postgres;

/// <summary>
/// How pgvector's HNSW index is built and searched (Malkov and Yashunin, arXiv 1603.09320). What it is built with counts when a gallery is
/// made; how wide it is searched counts for every search.
/// </summary>
public sealed record HnswParameters
{
    /// <summary>Links per node and layer (m), 2 to 100. More find more and take more memory. Default 16, pgvector's.</summary>
    public int Links { get; init; } = 16;

    /// <summary>Candidates looked at when a node is linked (ef_construction), at least twice <see cref="Links"/>, at most 1,000. Default 128.</summary>
    public int BuildWidth { get; init; } = 128;

    /// <summary>Candidates looked at by a search (ef_search), 1 to 1,000. Default 200; pgvector's own 40 misses too many of 512 dimensions.</summary>
    public int SearchWidth { get; init; } = 200;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        if (Links is < 2 or > 100)
        {
            throw new UsageException($"m is {Links}; expected 2 to 100 links per node.");
        }

        if (BuildWidth < 2 * Links || BuildWidth > 1000)
        {
            throw new UsageException($"ef_construction is {BuildWidth}; expected 2 x m ({2 * Links}) to 1000.");
        }

        if (SearchWidth is < 1 or > 1000)
        {
            throw new UsageException($"ef_search is {SearchWidth}; expected 1 to 1000.");
        }
    }
}
