namespace Semblance.Recognition.Search;

/// <summary>
/// An exact index that changes in place: it holds the latest <see cref="ExactIndex"/>. A search runs over the snapshot that was the latest
/// when it began and never waits for a writer.
/// </summary>
public sealed class FlatIndex : IMutableVectorIndex
{
    private const int RowsPerStep = 65536;

    private readonly Lock _writing = new();
    private volatile ExactIndex _latest;

    /// <summary>Creates an index that starts from a snapshot.</summary>
    /// <param name="start">The rows to start with, for example <see cref="ExactIndex.Empty(int, RowStorage)"/>.</param>
    public FlatIndex(ExactIndex start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _latest = start;
    }

    /// <summary>The rows as they are now; does not change any more.</summary>
    public ExactIndex Snapshot => _latest;

    /// <inheritdoc/>
    public string Description => _latest.Description;

    /// <inheritdoc/>
    public int Dimension => _latest.Dimension;

    /// <inheritdoc/>
    public int Count => _latest.Count;

    /// <inheritdoc/>
    public long MemoryBytes => _latest.MemoryBytes;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors, CancellationToken cancellationToken = default)
    {
        lock (_writing)
        {
            ExactIndex latest = _latest;
            latest.RequireVectors(vectors, ids.Length, nameof(vectors));
            for (int done = 0; done < ids.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(RowsPerStep, ids.Length - done);
                latest = latest.Add(ids.Slice(done, count), vectors.Slice(done * Dimension, count * Dimension));
                _latest = latest;
                done += count;
            }
        }
    }

    /// <inheritdoc/>
    public int Remove(ReadOnlySpan<long> ids)
    {
        lock (_writing)
        {
            int before = _latest.Count;
            _latest = _latest.Remove(ids);
            return before - _latest.Count;
        }
    }

    /// <inheritdoc/>
    public SearchHit[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, Func<long, bool>? accept = null, CancellationToken cancellationToken = default) =>
        _latest.SearchBatch(probes, count, top, accept, cancellationToken);
}
