using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Semblance.Recognition.Search;

/// <summary>
/// Exact nearest neighbours by cosine over float32 vectors in memory. Immutable: adding and removing give a new index that shares the old
/// one's storage, so any number of threads may search while another adds or removes. Several probes share each pass over the rows; large
/// searches use all cores. Memory: 4 bytes × dimension per row, plus 8 for its id.
/// </summary>
public sealed class ExactIndex : IVectorIndex
{
    private const int MaxSegmentFloats = 1 << 25;
    private const int ProbesPerPass = 256;
    private const long ParallelWork = 4_000_000;

    private readonly SegmentView[] _segments;
    private readonly bool _wide;

    private ExactIndex(int dimension, SegmentView[] segments, bool wide)
    {
        (Dimension, _segments, _wide) = (dimension, segments, wide);
        Count = segments.Sum(segment => segment.LiveCount);
    }

    /// <inheritdoc/>
    public string Description => "flat";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public long MemoryBytes => _segments.Sum(segment => segment.Rows.MemoryBytes);

    /// <summary>An index without rows.</summary>
    /// <param name="dimension">Floats in a vector, 1 to 65,536.</param>
    public static ExactIndex Empty(int dimension) => Empty(dimension, Vector512.IsHardwareAccelerated);

    internal static ExactIndex Empty(int dimension, bool wide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, 65536);
        return new ExactIndex(dimension, [], wide);
    }

    /// <summary>An index with more rows; this one stays as it is. Rows are kept scaled to unit length.</summary>
    /// <param name="ids">An id per row; ids need not be distinct or in order.</param>
    /// <param name="vectors">ids × <see cref="Dimension"/> floats. A zero vector has cosine 0 to everything.</param>
    /// <exception cref="ArgumentException">The lengths disagree, or a value is no finite number.</exception>
    public ExactIndex Add(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        RequireVectors(vectors, ids.Length, nameof(vectors));
        var segments = new List<SegmentView>(_segments);
        for (int done = 0; done < ids.Length;)
        {
            int start = segments.Count > 0 ? segments[^1].Count : 0;
            int count = segments.Count > 0 ? Math.Min(ids.Length - done, segments[^1].Rows.Capacity - start) : 0;

            // Another snapshot may have grown into the room left in the last segment; then this one goes on in a segment of its own.
            if (count == 0 || !segments[^1].Rows.TryClaim(start, count))
            {
                // Doubling keeps the number of segments logarithmic however small the batches.
                segments.Add(SegmentView.WithRoom(Dimension, Math.Clamp(Math.Max(ids.Length - done, Count + done), 1, MostRows)));
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                segments[^1].Rows.Write(start + i, ids[done + i], vectors.Slice((done + i) * Dimension, Dimension));
            }

            segments[^1] = segments[^1] with { Count = start + count };
            done += count;
        }

        return new ExactIndex(Dimension, [.. segments], _wide);
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
        SegmentView[] segments = [.. _segments.Select(segment => segment.Without(gone)).Where(segment => segment.LiveCount > 0)];
        return segments.SequenceEqual(_segments) ? this : new ExactIndex(Dimension, segments, _wide);
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
    public SearchHit[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, Func<long, bool>? accept = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        RequireVectors(probes, count, nameof(probes));
        var results = new SearchHit[count][];
        for (int first = 0; first < count; first += ProbesPerPass)
        {
            int block = Math.Min(ProbesPerPass, count - first);
            var packed = new PackedProbes(probes.Slice(first * Dimension, block * Dimension), block, Dimension);
            TopHits best = Scan(packed, Math.Max(1, Math.Min(top, Count)), accept, cancellationToken);
            for (int i = 0; i < block; i++)
            {
                results[first + i] = best.Sorted(i);
            }
        }

        return results;
    }

    private TopHits Scan(PackedProbes probes, int top, Func<long, bool>? accept, CancellationToken cancellationToken)
    {
        (int Segment, int From, int To)[] tasks = [.. Tasks()];
        var best = new TopHits(probes.Count, top);
        if ((long)Count * Dimension * probes.Count < ParallelWork || tasks.Length < 2 || Environment.ProcessorCount == 1)
        {
            foreach (var (segment, from, to) in tasks)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ScanPanels(_segments[segment], from, to, probes, accept, best);
            }

            return best;
        }

        Parallel.For(
            0,
            tasks.Length,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new TopHits(probes.Count, top),
            (task, _, local) =>
            {
                ScanPanels(_segments[tasks[task].Segment], tasks[task].From, tasks[task].To, probes, accept, local);
                return local;
            },
            local =>
            {
                lock (best)
                {
                    best.Merge(local);
                }
            });
        return best;
    }

    /// <summary>Runs of panels of about a megabyte: long enough for the prefetcher, short enough that no core waits long for the other.</summary>
    private IEnumerable<(int Segment, int From, int To)> Tasks()
    {
        int run = Math.Max(1, (1 << 18) / (Dimension * PanelSegment.PanelRows));
        for (int s = 0; s < _segments.Length; s++)
        {
            int panels = (_segments[s].Count + PanelSegment.PanelRows - 1) / PanelSegment.PanelRows;
            for (int from = 0; from < panels; from += run)
            {
                yield return (s, from, Math.Min(panels, from + run));
            }
        }
    }

    private void ScanPanels(SegmentView segment, int from, int to, PackedProbes probes, Func<long, bool>? accept, TopHits best)
    {
        Span<float> scores = stackalloc float[PanelKernel.GroupProbes * PanelSegment.PanelRows];
        for (int panel = from; panel < to; panel++)
        {
            int row = panel * PanelSegment.PanelRows;
            ReadOnlySpan<long> ids = segment.Rows.Ids.AsSpan(row, Math.Min(PanelSegment.PanelRows, segment.Count - row));
            uint struck = segment.StruckOut(panel);
            for (int group = 0; group < probes.Groups; group++)
            {
                if (probes.Width == 1)
                {
                    PanelKernel.One(ref segment.Rows.Panel(panel), ref probes.Group(group), Dimension, ref scores[0], _wide);
                }
                else
                {
                    PanelKernel.Eight(ref segment.Rows.Panel(panel), ref probes.Group(group), Dimension, ref scores[0], _wide);
                }

                int first = group * probes.Width;
                for (int i = 0; i < probes.Width && first + i < probes.Count; i++)
                {
                    Collect(scores.Slice(i * PanelSegment.PanelRows, PanelSegment.PanelRows), ids, struck, first + i, accept, best);
                }
            }
        }
    }

    private static void Collect(
        ReadOnlySpan<float> scores, ReadOnlySpan<long> ids, uint struck, int probe, Func<long, bool>? accept, TopHits best)
    {
        // Nearly every panel has nothing to offer once the heap is full; one maximum tells.
        if (TensorPrimitives.Max(scores) < best.Floors[probe])
        {
            return;
        }

        for (int i = 0; i < ids.Length; i++)
        {
            if (scores[i] >= best.Floors[probe] && ((struck >> i) & 1) == 0 && (accept is null || accept(ids[i])))
            {
                best.Offer(probe, ids[i], Math.Clamp(scores[i], -1f, 1f));
            }
        }
    }

    private int MostRows => Math.Max(PanelSegment.PanelRows, MaxSegmentFloats / Dimension);

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
}
