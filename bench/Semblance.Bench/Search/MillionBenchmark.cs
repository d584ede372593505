using System.Diagnostics;
using System.Globalization;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>
/// Seconds and milliseconds of the life of a large index: read from a .npy file, searched, grown, shrunk, saved, opened. Arguments: a folder
/// for the files, then rows (1,000,000), then kinds of index (default flat, flat-int8 and hnsw), for example <c>hnsw,m=16,efc=60</c>. The
/// vectors are made-up people, eight photos each, the same at every run; the file is made once. A graph whose building takes longer than
/// twenty minutes goes on with the rows that it has by then, and says so.
/// </summary>
internal static class MillionBenchmark
{
    private const int Dimension = 512;
    private const int PhotosPerPerson = 8;
    private const int Step = 50_000;
    private const int Batch = 256;
    private const int Top = 10;
    private const int Changes = 50;
    private const double MostBuildSeconds = 1200;

    public static void Run(string[] args)
    {
        if (args.Length == 0)
        {
            throw new ArgumentException("search-million needs a folder for its files (2 GB for the vectors, up to 3 GB for an index), then rows and kinds if others are wanted");
        }

        Directory.CreateDirectory(args[0]);
        int rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        string vectors = Path.Combine(args[0], FormattableString.Invariant($"people-{rows}.npy"));
        if (!File.Exists(vectors))
        {
            Report("vectors", $"made in {Time(() => Make(vectors, rows)):F0} s");
        }

        float[] all = SearchData.Clustered(Batch + Changes, Dimension, People(rows), 99);
        float[] probes = all[..(Batch * Dimension)];
        float[] more = all[(Batch * Dimension)..];
        foreach (string kind in args.Length > 2 ? args[2..] : ["flat", "flat-int8", "hnsw"])
        {
            Measure(kind, vectors, probes, more, Path.Combine(args[0], "million.index"));
            GC.Collect();
        }
    }

    private static int People(int rows) => Math.Max(1, rows / PhotosPerPerson);

    private static void Make(string path, int rows)
    {
        string unfinished = path + ".part";
        using (var stream = new FileStream(unfinished, FileMode.Create))
        {
            NumpyFile.WriteHeader<float>(stream, rows, Dimension);
            for (int from = 0; from < rows; from += Step)
            {
                NumpyFile.WriteRows<float>(stream, SearchData.Clustered(Math.Min(Step, rows - from), Dimension, People(rows), 1, from));
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static void Measure(string kind, string vectors, float[] probes, float[] more, string path)
    {
        IMutableVectorIndex index = VectorIndexes.Create(kind, Dimension);
        string name = index.Description.Split(',')[0];
        int rows = Load(index, name, vectors);
        Search(index, name, probes, "in memory");
        Recall(index, name, probes);
        Change(index, name, more, rows, rows / 2);
        Both(index, name, probes, more, rows);
        Report(name, $"saved in {Time(() => Save(index, path)):F1} s, {new FileInfo(path).Length / 1e9:F2} GB");
        index = VectorIndexes.Create(kind, Dimension);
        GC.Collect();
        Report(name, $"opened in {1000 * Time(() => index = Open(path)):F1} ms");
        Report(name, $"first search after opening {1000 * Time(() => index.SearchBatch(probes.AsSpan(0, Dimension), 1, Top)):F1} ms");
        Search(index, name, probes, "opened");
        Change(index, name, more, rows, rows / 4);
        File.Delete(path);
    }

    private static int Load(IMutableVectorIndex index, string name, string vectors)
    {
        using NumpyMatrix matrix = NumpyMatrix.Open(vectors);
        float[] part = new float[Step * Dimension];
        var (reading, adding, last) = (0.0, 0.0, 0.0);
        int rows = 0;
        while (rows < matrix.Rows && adding < MostBuildSeconds)
        {
            int count = Math.Min(Step, matrix.Rows - rows);
            Memory<float> some = part.AsMemory(0, count * Dimension);
            long[] ids = [.. Enumerable.Range(rows, count).Select(i => (long)i)];
            int from = rows;
            reading += Time(() => matrix.Read(from, count, some.Span));
            last = Time(() => index.Add(ids, some.Span));
            adding += last;
            rows += count;
            if (index is HnswIndex && rows % (4 * Step) == 0)
            {
                Report(name, $"{rows} rows after {adding:F0} s, the last {count} at {count / last:F0} rows/s");
            }
        }

        Report(name, $"{rows} × {Dimension}: read from NumPy in {reading:F1} s, indexed in {adding:F1} s, {index.MemoryBytes / 1e9:F2} GB in the index, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB at most in the process");
        if (rows < matrix.Rows)
        {
            Report(name, $"stopped there; at the last rate, which falls with size, the other {matrix.Rows - rows} rows would take {(matrix.Rows - rows) / (Step / last):F0} s or more");
        }

        return rows;
    }

    private static void Search(IMutableVectorIndex index, string name, float[] probes, string where)
    {
        double[] single = [.. Enumerable.Range(0, 30).Select(i => Time(() => index.SearchBatch(probes.AsSpan(i * Dimension, Dimension), 1, Top)))];
        double[] batch = [.. Enumerable.Range(0, 3).Select(_ => Time(() => index.SearchBatch(probes, Batch, Top)))];
        Report(name, $"{where}: single {1000 * Median.Of(single):F2} ms, batch of {Batch} {Batch / Median.Of(batch):F0} queries/s");
    }

    private static void Recall(IMutableVectorIndex index, string name, float[] probes)
    {
        if (index is HnswIndex graph)
        {
            SearchHit[][] exact = [];
            double seconds = Time(() => exact = graph.SearchExactly(probes, Batch, Top));
            SearchHit[][] found = graph.SearchBatch(probes, Batch, Top);
            double recall = exact.Zip(found, (right, mine) => right.Select(hit => hit.Id).Intersect(mine.Select(hit => hit.Id)).Count()).Sum() / (double)(Top * Batch);
            Report(name, $"recall@{Top} {recall:F4} at ef {graph.SearchWidth}; looking at all rows instead: {Batch / seconds:F0} queries/s");
        }
    }

    private static void Change(IMutableVectorIndex index, string name, float[] more, int rows, int from)
    {
        double[] insert = [.. Enumerable.Range(0, Changes).Select(i => Time(() => index.Add([rows + i], more.AsSpan(i * Dimension, Dimension))))];
        double[] remove = [.. Enumerable.Range(0, Changes).Select(i => Time(() => index.Remove([rows + i])))];
        long[] many = [.. Enumerable.Range(from, rows / 100).Select(i => (long)i)];
        double all = Time(() => index.Remove(many));
        Report(name, $"insert {1000 * Median.Of(insert):F3} ms (at most {1000 * insert.Max():F1}), delete {1000 * Median.Of(remove):F3} ms (at most {1000 * remove.Max():F1}), delete {many.Length} at once {1000 * all:F0} ms");
    }

    /// <summary>What searches cost while another thread adds and removes all the time.</summary>
    private static void Both(IMutableVectorIndex index, string name, float[] probes, float[] more, int rows)
    {
        using var enough = new CancellationTokenSource();
        int changes = 0;
        var changing = Task.Run(() =>
        {
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                index.Add([rows + 1000 + i], more.AsSpan(i % Changes * Dimension, Dimension));
                index.Remove([rows + 1000 + i]);
                changes += 2;
            }
        });
        long started = Stopwatch.GetTimestamp();
        var times = new List<double>();
        for (int i = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < 3; i++)
        {
            times.Add(Time(() => index.SearchBatch(probes.AsSpan(i % Batch * Dimension, Dimension), 1, Top)));
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        enough.Cancel();
        changing.Wait();
        times.Sort();
        Report(name, $"one thread searching, one changing: single {1000 * Median.Of(times):F2} ms (99 % within {1000 * times[(int)(0.99 * times.Count)]:F2} ms), {changes / seconds:F0} changes/s");
    }

    private static void Save(IMutableVectorIndex index, string path)
    {
        if (index is HnswIndex graph)
        {
            HnswIndexFile.Save(graph, path);
        }
        else
        {
            ExactIndexFile.Save(((FlatIndex)index).Snapshot, path);
        }
    }

    private static IMutableVectorIndex Open(string path) =>
        HnswIndexFile.IsIndexFile(path) ? HnswIndexFile.Open(path) : new FlatIndex(ExactIndexFile.Open(path));

    private static void Report(string kind, FormattableString line) => Console.WriteLine($"{kind,-9} {FormattableString.Invariant(line)}");

    private static double Time(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
