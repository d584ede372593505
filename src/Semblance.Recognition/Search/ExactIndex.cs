using System.Numerics.Tensors;

namespace Semblance.Recognition.Search;

/// <summary>
/// Exact nearest neighbours by cosine: every row is looked at. Immutable: adding and removing give a new index that shares the old one's
/// storage, so any number of threads may search while another adds or removes. Several probes share each pass over the rows; large
/// searches use all cores. Memory per row: 8 bytes for its id and, per number, 4 bytes as float32, 2 as float16, 5 as int8.
/// </summary>
public sealed class ExactIndex : IVectorIndex
{
    internal const int MaxDimension = 65536;

    private const int MaxSegmentFloats = 1 << 25;
    private const int ProbesPerPass = 256;
    private const int HitsPerPass = 1 << 22;
    private const int RowsPerTask = 1024;
    private const int SpareShare = 2;
    private const int SmallestRoom = PanelSegment.PanelRows;

    private readonly SimdChoice _simd;

    private ExactIndex(RowFormat format, int dimension, SegmentView[] segments, SimdChoice simd)
    {
        (Format, Dimension, Segments, _simd) = (format, dimension, segments, simd);
        Count = segments.Sum(segment => segment.LiveCount);
    }

    /// <inheritdoc/>
    public string Description => Format.Description;

    /// <summary>How rows are kept.</summary>
    public RowStorage Storage => Format.Storage;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public long MemoryBytes => Segments.Sum(segment => segment.Rows.MemoryBytes);

    internal RowFormat Format { get; }

    internal SegmentView[] Segments { get; }

    private int MostRows => Math.Max(PanelSegment.PanelRows, MaxSegmentFloats / Dimension);

    /// <summary>An index without rows.</summary>
    /// <param name="dimension">Floats in a vector, 1 to 65,536.</param>
    /// <param name="storage">How rows are kept.</param>
    public static ExactIndex Empty(int dimension, RowStorage storage = RowStorage.Float32) => Empty(dimension, storage, SimdChoice.Best);

    internal static ExactIndex Empty(int dimension, RowStorage storage, SimdChoice simd)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, MaxDimension);
        if (!Enum.IsDefined(storage))
        {
            throw new ArgumentOutOfRangeException(nameof(storage), storage, "There is no such storage.");
        }

        return new ExactIndex(RowFormat.Of(storage), dimension, [], simd);
    }

    /// <summary>An index over rows that exist already.</summary>
    internal static ExactIndex Over(RowFormat format, int dimension, SegmentView[] segments) => new(format, dimension, segments, SimdChoice.Best);

    /// <summary>An index with more rows; this one stays as it is. Rows are kept scaled to unit length.</summary>
    /// <param name="ids">An id per row; ids need not be distinct or in order.</param>
    /// <param name="vectors">ids × <see cref="Dimension"/> floats. A zero vector has cosine 0 to everything.</param>
    /// <exception cref="ArgumentException">The lengths disagree, or a value is no finite number.</exception>
    public ExactIndex Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        RequireVectors(vectors, ids.Length, nameof(vectors));
        var segments = new List<SegmentView>(Segments);
        for (int done = 0; done < ids.Length;)
        {
            int start = segments.Count > 0 ? segments[^1].Count : 0;
            int count = segments.Count > 0 ? Math.Min(ids.Length - done, segments[^1].Rows.Capacity - start) : 0;

            // Another snapshot may have grown into the room left in the last segment; then this one goes on in a segment of its own.
            if (count == 0 || !segments[^1].Rows.TryClaim(start, count))
            {
                // Room in proportion to what is there keeps the number of segments logarithmic however small the batches; a large batch
                // gets no more than it needs.
                long room = Math.Max(ids.Length - done, ids.Length < Count / SpareShare ? (long)Count / SpareShare : 0);
                segments.Add(SegmentView.WithRoom(Format, Dimension, (int)Math.Clamp(room, SmallestRoom, MostRows)));
                continue;
            }

            Write(segments[^1].Rows, start, ids.Slice(done, count), vectors.Slice(done * Dimension, count * Dimension));
            segments[^1] = segments[^1] with { Count = start + count };
            done += count;
        }

        return new ExactIndex(Format, Dimension, [.. segments], _simd);
    }

    /// <summary>
    /// An index without the rows that have one of these ids; this one stays as it is. Rows are struck out, and a segment is copied without
    /// them where a quarter of it is struck out, so that a removal costs little and the memory comes back.
    /// </summary>
    /// <param name="ids">The ids; those that no row has are ignored.</param>
    /// <returns>This index where no row has such an id.</returns>
    public ExactIndex Remove(ReadOnlySpan<long> ids)
    {
        if (ids.IsEmpty)
        {
            return this;
        }

        var gone = new RemovedIds(ids);
        SegmentView[] segments = [.. Segments.Select(segment => segment.Without(gone)).Where(segment => segment.LiveCount > 0)];
        return segments.SequenceEqual(Segments) ? this : new ExactIndex(Format, Dimension, segments, _simd);
    }

    /// <summary>Finds the nearest rows of one probe.</summary>
    /// <param name="probe">The vector; need not be of unit length.</param>
    /// <param name="top">The most rows to return, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Hits by falling score, equal scores by rising id; fewer than <paramref name="top"/> where the index is smaller.</returns>
    /// <exception cref="ArgumentException">The probe has another length or a value is no finite number.</exception>
    public SearchHit[] Search(ReadOnlySpan<float> probe, int top, CancellationToken cancellationToken = default) =>
        SearchBatch(probe, 1, top, null, cancellationToken)[0];

    /// <summary>Finds the nearest rows of many probes. Each probe's result is the same, bit for bit, as if it were searched alone.</summary>
    /// <param name="probes">count × <see cref="Dimension"/> floats; need not be of unit length.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most rows to return per probe, at least 1.</param>
    /// <param name="accept">Tells by its id whether a row may be returned; null for all. Called from several threads.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: hits by falling score, equal scores by rising id; fewer than <paramref name="top"/> where fewer rows are accepted.</returns>
    /// <exception cref="ArgumentException">The probes have another length or a value is no finite number.</exception>
    /// <exception cref="SemblanceException">Rows come from a file that turns out to be damaged.</exception>
    public SearchHit[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, Func<long, bool>? accept = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        RequireVectors(probes, count, nameof(probes));
        int most = Math.Max(1, Math.Min(top, Count));

        // Every worker keeps the best of every probe, which for a deep search of many probes would be a lot.
        int perPass = Math.Clamp(HitsPerPass / most, 1, ProbesPerPass);
        var results = new SearchHit[count][];
        for (int first = 0; first < count; first += perPass)
        {
            int block = Math.Min(perPass, count - first);
            float[] units = UnitLength.Scaled(probes.Slice(first * Dimension, block * Dimension), Dimension);
            TopHits best = Format.Search(new ScanRequest(Segments, Dimension, units, block, most, accept, _simd, cancellationToken));
            for (int i = 0; i < block; i++)
            {
                results[first + i] = best.Sorted(i);
            }
        }

        return results;
    }

    internal void RequireVectors(ReadOnlySpan<float> vectors, int count, string name)
    {
        if (vectors.Length != (long)count * Dimension)
        {
            throw new ArgumentException($"{vectors.Length} floats given for {count} vectors of {Dimension}.", name);
        }

        if (!vectors.IsEmpty && !TensorPrimitives.IsFiniteAll(vectors))
        {
            throw new ArgumentException("A vector holds a value that is no finite number.", name);
        }
    }

    private static unsafe void Write(PanelSegment rows, int start, ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        int dimension = rows.Dimension;
        int count = ids.Length;
        if (count <= RowsPerTask)
        {
            float[] unit = new float[dimension];
            for (int i = 0; i < count; i++)
            {
                UnitLength.Scale(vectors.Slice(i * dimension, dimension), unit);
                rows.Write(start + i, ids[i], unit);
            }

            return;
        }

        fixed (float* first = vectors)
        fixed (long* firstId = ids)
        {
            (nint values, nint names) = ((nint)first, (nint)firstId);
            Work.Run(
                (count + RowsPerTask - 1) / RowsPerTask,
                () => rows,
                (task, target) =>
                {
                    int from = task * RowsPerTask;
                    int length = Math.Min(RowsPerTask, count - from);
                    Write(
                        target,
                        start + from,
                        new ReadOnlySpan<long>((long*)names + from, length),
                        new ReadOnlySpan<float>((float*)values + ((nint)from * dimension), length * dimension));
                },
                _ => { },
                CancellationToken.None);
        }
    }
}
