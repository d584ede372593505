namespace Semblance.Recognition.Search;

/// <summary>
/// Nearest neighbours by cosine among rows that have ids. Any number of threads may search at once, also while another adds or removes: a
/// search sees each row either whole or not at all.
/// </summary>
public interface IVectorIndex
{
    /// <summary>The short description that makes such an index: flat, flat-f16, flat-int8, hnsw.</summary>
    string Description { get; }

    /// <summary>Floats in a vector.</summary>
    int Dimension { get; }

    /// <summary>Number of rows.</summary>
    int Count { get; }

    /// <summary>Bytes held for rows, ids and links, mapped files included.</summary>
    long MemoryBytes { get; }

    /// <summary>Finds the nearest rows of many probes.</summary>
    /// <param name="probes">count × <see cref="Dimension"/> floats; need not be of unit length.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most rows to return per probe, at least 1.</param>
    /// <param name="accept">Tells by its id whether a row may be returned; null for all. Called from several threads.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: hits by falling cosine, equal cosines by rising id; fewer than <paramref name="top"/> where fewer rows are accepted.</returns>
    /// <exception cref="ArgumentException">The probes have another length or a value is no finite number.</exception>
    SearchHit[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, Func<long, bool>? accept = null, CancellationToken cancellationToken = default);
}
