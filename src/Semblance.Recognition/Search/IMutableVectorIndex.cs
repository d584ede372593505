namespace Semblance.Recognition.Search;

/// <summary>An index that grows and shrinks while it is searched. Additions and removals are made one after the other, whoever asks.</summary>
public interface IMutableVectorIndex : IVectorIndex
{
    /// <summary>Adds rows, scaled to unit length.</summary>
    /// <param name="ids">An id per row, distinct and not in the index yet.</param>
    /// <param name="vectors">ids × <see cref="IVectorIndex.Dimension"/> floats. A zero vector has cosine 0 to everything.</param>
    /// <param name="cancellationToken">Ends the work; rows added until then stay.</param>
    /// <exception cref="ArgumentException">The lengths disagree, or a value is no finite number; nothing is added.</exception>
    void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors, CancellationToken cancellationToken = default);

    /// <summary>Removes rows; a search that began before may still return them.</summary>
    /// <param name="ids">The ids; those that no row has are ignored.</param>
    /// <returns>How many rows were removed.</returns>
    int Remove(ReadOnlySpan<long> ids);
}
