using System.Diagnostics;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>
/// Seconds and milliseconds of the life of a large index: built, saved, opened, searched from the file, grown, shrunk. Arguments: a folder
/// for the files, then rows (1,000,000), then a kind of row or nothing for all.
/// </summary>
internal static class MillionBenchmark
{
    private const int Dimension = 512;
    private const int Step = 50_000;
    private const int Batch = 256;

    public static void Run(string[] args)
    {
        int rows = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
        foreach (RowStorage storage in args.Length > 2 ? [Enum.Parse<RowStorage>(args[2], ignoreCase: true)] : Enum.GetValues<RowStorage>())
        {
            Measure(storage, rows, Path.Combine(args[0], $"{storage}.index"));
        }
    }

    private static void Measure(RowStorage storage, int rows, string path)
    {
        float[] probes = SearchData.Random(Batch, Dimension, 99);
        ExactIndex index = ExactIndex.Empty(Dimension, storage);
        double build = 0;
        for (int from = 0; from < rows; from += Step)
        {
            int count = Math.Min(Step, rows - from);
            float[] part = SearchData.Random(count, Dimension, (ulong)from);
            long[] ids = [.. Enumerable.Range(from, count).Select(i => (long)i)];
            build += Time(() => index = index.Add(ids, part));
        }

        Report(index.Description, $"built in {build:F2} s, {index.MemoryBytes / 1e9:F2} GB");
        Search(index, probes, "in memory");
        Change(index, probes, rows, "in memory");
        Report(index.Description, $"saved in {Time(() => ExactIndexFile.Save(index, path)):F2} s");
        index = ExactIndex.Empty(Dimension, storage);
        GC.Collect();
        Report(storage.ToString(), $"opened in {1000 * Time(() => index = ExactIndexFile.Open(path)):F2} ms");
        Report(index.Description, $"first search {1000 * Time(() => index.Search(probes.AsSpan(0, Dimension), 10)):F1} ms (every block is held against its checksum)");
        Search(index, probes, "mapped");
        Change(index, probes, rows, "mapped");
        File.Delete(path);
    }

    private static void Search(ExactIndex index, float[] probes, string where)
    {
        double[] single = [.. Enumerable.Range(0, 15).Select(i => Time(() => index.Search(probes.AsSpan(i * Dimension, Dimension), 10)))];
        double[] batch = [.. Enumerable.Range(0, 3).Select(_ => Time(() => index.SearchBatch(probes, Batch, 10)))];
        Report(index.Description, $"{where}: single {1000 * Median.Of(single):F1} ms, batch of {Batch} {Batch / Median.Of(batch):F0} queries/s");
    }

    private static void Change(ExactIndex start, float[] probes, int rows, string where)
    {
        ExactIndex index = start;
        double[] insert = [.. Enumerable.Range(0, 50).Select(i => Time(() => index = index.Add([rows + i], probes.AsSpan(i * Dimension, Dimension))))];
        double[] remove = [.. Enumerable.Range(0, 50).Select(i => Time(() => index = index.Remove([i * 997L % rows])))];
        double many = Time(() => index = index.Remove([.. Enumerable.Range(rows / 2, rows / 100).Select(i => (long)i)]));
        Report(index.Description, $"{where}: insert {1000 * Median.Of(insert):F3} ms (the first {1000 * insert[0]:F1}), delete {1000 * Median.Of(remove):F2} ms, delete {rows / 100} at once {1000 * many:F0} ms");
    }

    private static void Report(string kind, FormattableString line) => Console.WriteLine($"{kind,-9} {FormattableString.Invariant(line)}");

    private static double Time(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
