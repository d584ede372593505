using System.Diagnostics;
using Semblance.IO;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Services;

/// <summary>Search from file to file, for people whose vectors come from elsewhere.</summary>
public static class ArraySearch
{
    private const int RowsPerRead = 8192;
    private const int RowsPerLinking = 1024;
    private const int RecallQueries = 100;

    /// <summary>Builds or opens the index, searches, writes.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Rows indexed, then queries searched.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="UsageException">An option is out of range, or names a file that another names too.</exception>
    /// <exception cref="SemblanceException">A file cannot be read or written, or holds no matrix of finite numbers of the same width.</exception>
    public static ArraySearchReport Run(
        ArraySearchOptions options, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        using NumpyMatrix queries = NumpyMatrix.Open(options.Queries);
        long started = Stopwatch.GetTimestamp();
        IVectorIndex index = Index(options, queries, progress, cancellationToken);
        double buildSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (options.SaveIndexPath is { } target)
        {
            Save(index, target, cancellationToken);
        }

        var (hits, seconds) = (0L, 0.0);
        Writing<long>(options.IdsPath, queries.Rows, options.Top, ids =>
            Writing<float>(options.ScoresPath, queries.Rows, options.Top, scores =>
                (hits, seconds) = Search(index, queries, options, ids, scores, progress, cancellationToken)));
        double? recall = index is HnswIndex graph ? Recall(graph, queries, options, progress, cancellationToken) : null;
        using var process = Process.GetCurrentProcess();
        return new ArraySearchReport
        {
            Index = index.Description,
            Rows = index.Count,
            Dimension = index.Dimension,
            Queries = queries.Rows,
            Top = options.Top,
            Hits = hits,
            BuildSeconds = buildSeconds,
            SearchSeconds = seconds,
            QueriesPerSecond = queries.Rows / seconds,
            IndexBytes = index.MemoryBytes,
            Recall = recall,
            PeakBytes = process.PeakWorkingSet64,
        };
    }

    private static void Check(ArraySearchOptions options)
    {
        if (options.Top is < 1 or > 100_000)
        {
            throw new UsageException($"top is {options.Top}; 1 to 100,000 is expected.");
        }

        if (options.Batch is < 1 or > 65536)
        {
            throw new UsageException($"batch is {options.Batch}; 1 to 65,536 is expected.");
        }

        if (options.Threshold is { } threshold && !(threshold is >= -1 and <= 1))
        {
            throw new UsageException(FormattableString.Invariant($"threshold is {threshold}; a cosine from -1 to 1 is expected."));
        }

        // A result must not replace what is still being read, nor another result.
        string?[] inputs = [options.Gallery, options.Queries];
        string?[] outputs = [options.IdsPath, options.ScoresPath, options.SaveIndexPath];
        var taken = inputs.Select(path => Path.GetFullPath(path!)).ToHashSet(StringComparer.Ordinal);
        foreach (string path in outputs.OfType<string>())
        {
            if (!taken.Add(Path.GetFullPath(path)))
            {
                throw new UsageException($"{path} is named twice; what is written needs a file of its own.");
            }
        }
    }

    private static IVectorIndex Index(ArraySearchOptions options, NumpyMatrix queries, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        if (ExactIndexFile.IsIndexFile(options.Gallery))
        {
            ExactIndex opened = ExactIndexFile.Open(options.Gallery);
            if (options.Index is { } wanted && wanted != opened.Description)
            {
                throw new UsageException($"{options.Gallery} is an index of the kind {opened.Description}; {wanted} needs the vectors as a .npy file.");
            }

            RequireSameWidth(options.Gallery, opened.Dimension, queries);
            return opened;
        }

        if (HnswIndexFile.IsIndexFile(options.Gallery))
        {
            HnswIndex opened = HnswIndexFile.Open(options.Gallery);
            RequireSameWidth(options.Gallery, opened.Dimension, queries);
            if (options.Index is { } wanted)
            {
                // How wide to search may be chosen anew; how it was built may not.
                HnswOptions asked = VectorIndexes.HnswOptionsOf(wanted, opened.Options)
                    ?? throw new UsageException($"{options.Gallery} is an index of the kind {opened.Description}; {wanted} needs the vectors as a .npy file.");
                if (asked with { SearchWidth = opened.SearchWidth } != opened.Options)
                {
                    throw new UsageException($"{options.Gallery} is an index of the kind {opened.Description}; only ef can be another, {wanted} needs the vectors as a .npy file.");
                }

                opened.SearchWidth = asked.SearchWidth;
            }

            return opened;
        }

        using NumpyMatrix gallery = NumpyMatrix.Open(options.Gallery);
        RequireSameWidth(options.Gallery, gallery.Columns, queries);
        IMutableVectorIndex index = VectorIndexes.Create(options.Index ?? "flat", gallery.Columns);

        // Linking a row takes a hundred times as long as copying it; whoever watches wants to see something happen.
        int rowsPerRead = index is HnswIndex ? RowsPerLinking : RowsPerRead;
        float[] vectors = new float[Math.Min(rowsPerRead, gallery.Rows) * gallery.Columns];
        long[] ids = new long[rowsPerRead];
        for (int row = 0; row < gallery.Rows; row += rowsPerRead)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(rowsPerRead, gallery.Rows - row);
            Span<float> part = vectors.AsSpan(0, count * gallery.Columns);
            gallery.Read(row, count, part);
            for (int i = 0; i < count; i++)
            {
                ids[i] = row + i;
            }

            index.Add(ids.AsSpan(0, count), part, cancellationToken);
            progress?.Report(new WorkProgress("indexing vectors", row + count, gallery.Rows, "vectors"));
        }

        return index;
    }

    private static void Save(IVectorIndex index, string path, CancellationToken cancellationToken)
    {
        switch (index)
        {
            case ExactIndex exact:
                ExactIndexFile.Save(exact, path, cancellationToken);
                break;
            case FlatIndex flat:
                ExactIndexFile.Save(flat.Snapshot, path, cancellationToken);
                break;
            case HnswIndex graph:
                HnswIndexFile.Save(graph, path, cancellationToken);
                break;
            default:
                throw new UsageException($"An index of the kind {index.Description} cannot be saved.");
        }
    }

    /// <summary>The share of the very nearest rows that a search finds, over up to 100 queries spread evenly over the file.</summary>
    private static double Recall(
        HnswIndex index, NumpyMatrix queries, ArraySearchOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        int count = Math.Min(RecallQueries, queries.Rows);
        float[] probes = new float[count * queries.Columns];
        for (int i = 0; i < count; i++)
        {
            queries.Read((int)((long)i * queries.Rows / count), 1, probes.AsSpan(i * queries.Columns, queries.Columns));
        }

        progress?.Report(new WorkProgress("measuring recall", 0, count, "queries"));
        SearchHit[][] exact = index.SearchExactly(probes, count, options.Top, cancellationToken);
        SearchHit[][] found = index.SearchBatch(probes, count, options.Top, null, cancellationToken);
        progress?.Report(new WorkProgress("measuring recall", count, count, "queries"));
        return exact.Zip(found, (right, mine) => right.Select(hit => hit.Id).Intersect(mine.Select(hit => hit.Id)).Count()).Sum()
            / (double)Math.Max(1, exact.Sum(right => right.Length));
    }

    private static void RequireSameWidth(string gallery, int width, NumpyMatrix queries)
    {
        if (width != queries.Columns)
        {
            throw new SemblanceException($"{queries.Path}: the vectors have {queries.Columns} numbers, those of {gallery} {width}; both must come from the same model.");
        }
    }

    private static (long Hits, double Seconds) Search(
        IVectorIndex index,
        NumpyMatrix queries,
        ArraySearchOptions options,
        Stream? idStream,
        Stream? scoreStream,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        int batch = Math.Min(options.Batch, queries.Rows);
        float[] probes = new float[batch * queries.Columns];
        long[] ids = new long[options.Top];
        float[] scores = new float[options.Top];
        var (hits, seconds) = (0L, 0.0);
        for (int row = 0; row < queries.Rows; row += batch)
        {
            int count = Math.Min(batch, queries.Rows - row);
            Span<float> part = probes.AsSpan(0, count * queries.Columns);
            queries.Read(row, count, part);
            long started = Stopwatch.GetTimestamp();
            SearchHit[][] found = index.SearchBatch(part, count, options.Top, null, cancellationToken);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            foreach (SearchHit[] each in found)
            {
                Array.Fill(ids, -1);
                Array.Fill(scores, float.NegativeInfinity);
                for (int i = 0; i < each.Length && !(each[i].Score < options.Threshold); i++)
                {
                    (ids[i], scores[i]) = (each[i].Id, each[i].Score);
                    hits++;
                }

                if (idStream is not null)
                {
                    NumpyFile.WriteRows<long>(idStream, ids);
                }

                if (scoreStream is not null)
                {
                    NumpyFile.WriteRows<float>(scoreStream, scores);
                }
            }

            progress?.Report(new WorkProgress("searching", row + count, queries.Rows, "queries"));
        }

        return (hits, seconds);
    }

    private static void Writing<T>(string? path, int rows, int columns, Action<Stream?> write)
        where T : unmanaged
    {
        if (path is null)
        {
            write(null);
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            NumpyFile.WriteHeader<T>(stream, rows, columns);
            write(stream);
        });
    }
}
