using System.Diagnostics;
using System.Text.Json;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>
/// Exact search over unit vectors against what the machine can do at most, in one run: the batch rate as a share of a float32 matrix
/// product's, the single-query rate as a share of the memory's. Options, in any order: rows=N (200,000), rounds=N (5), real=FILE.npy (real
/// embeddings, enlarged to as many rows), out=DIR (vectors, queries, ids and figures as files, for a comparison with another library).
/// </summary>
internal static class SearchBenchmark
{
    private const int Batch = 256;
    private const int Top = 10;
    private const int Singles = 20;

    public static void Run(string[] args)
    {
        Dictionary<string, string> options = args.Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
        int rows = int.Parse(options.GetValueOrDefault("rows", "200000"), System.Globalization.CultureInfo.InvariantCulture);
        int rounds = int.Parse(options.GetValueOrDefault("rounds", "5"), System.Globalization.CultureInfo.InvariantCulture);
        (float[] vectors, int dimension) = Vectors(options.GetValueOrDefault("real"), rows);
        ReadOnlyMemory<float> probes = Probes(vectors, rows, dimension, options.ContainsKey("real"));
        ReadOnlyMemory<float> gallery = vectors.AsMemory(0, rows * dimension);
        using var limits = new MachineLimits();
        Kind[] kinds = [.. Enum.GetValues<RowStorage>().Select(storage => Build(storage, gallery, dimension))];
        var gemm = new List<double>();
        var read = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            gemm.Add(limits.Gemm());
            foreach (Kind kind in kinds)
            {
                kind.Batch.Add(Batch / Seconds(() => kind.Hits = kind.Index.SearchBatch(probes.Span, Batch, Top)));
            }

            read.Add(limits.Read());
            foreach (Kind kind in kinds)
            {
                for (int i = 0; i < Singles; i++)
                {
                    kind.Single.Add(1 / Seconds(() => kind.Index.Search(probes.Span.Slice(i * dimension, dimension), Top)));
                }
            }
        }

        Print(kinds, rows, dimension, Median.Of(gemm), Median.Of(read));
        if (options.TryGetValue("out", out string? folder))
        {
            Write(folder, kinds, gallery, probes, dimension, Median.Of(gemm), Median.Of(read));
        }
    }

    private static (float[] Vectors, int Dimension) Vectors(string? real, int rows)
    {
        if (real is null)
        {
            return (SearchData.Random(rows + Batch, 512, 1), 512);
        }

        (float[] originals, int dimension) = SearchData.Read(real);
        return (SearchData.Enlarged(originals, rows + Batch, dimension, 1), dimension);
    }

    /// <summary>Vectors that are not in the gallery; among real ones, originals and their likenesses in turns.</summary>
    private static float[] Probes(float[] vectors, int rows, int dimension, bool real)
    {
        float[] probes = vectors[(rows * dimension)..];
        for (int i = 0; real && i < Batch; i += 2)
        {
            vectors.AsSpan(i * 41 * dimension, dimension).CopyTo(probes.AsSpan(i * dimension));
        }

        return probes;
    }

    private static Kind Build(RowStorage storage, ReadOnlyMemory<float> gallery, int dimension)
    {
        long[] ids = [.. Enumerable.Range(0, gallery.Length / dimension).Select(i => (long)i)];
        ExactIndex index = ExactIndex.Empty(dimension, storage);
        double seconds = Seconds(() => index = index.Add(ids, gallery.Span));
        return new Kind(index, seconds);
    }

    private static void Print(Kind[] kinds, int rows, int dimension, double gemm, double read)
    {
        Console.WriteLine(FormattableString.Invariant($"{rows} × {dimension}; float32 matrix product {gemm / 1e9:F0} GFLOP/s, memory read {read / 1e9:F1} GB/s"));
        foreach (Kind kind in kinds)
        {
            (double single, double batch) = (Median.Of(kind.Single), Median.Of(kind.Batch));
            double bytes = single * rows * dimension * (kind.Index.Storage switch { RowStorage.Float32 => 4, RowStorage.Float16 => 2, _ => 1 });
            double operations = 2 * batch * rows * dimension;
            Console.WriteLine(FormattableString.Invariant(
                $"{kind.Index.Description,-9} built in {kind.BuildSeconds:F2} s, {kind.Index.MemoryBytes / 1e6:F0} MB; single {single:F0}/s ({1000 / single:F2} ms, {bytes / read:P0} of the memory's rate, {single / Median.Of(kinds[0].Single):F2} × flat); batch of {Batch} {batch:F0}/s ({operations / 1e9:F0} GFLOP/s, {operations / gemm:P0} of the product's rate); recall@{Top} {kind.Recall(kinds[0]):F5}"));
        }
    }

    private static void Write(
        string folder, Kind[] kinds, ReadOnlyMemory<float> gallery, ReadOnlyMemory<float> probes, int dimension, double gemm, double read)
    {
        NumpyFile.Write(Path.Combine(folder, "gallery.npy"), dimension, gallery);
        NumpyFile.Write(Path.Combine(folder, "queries.npy"), dimension, probes);
        NumpyFile.Write(Path.Combine(folder, "ids.npy"), Top, kinds[0].Hits.SelectMany(hits => hits.Select(hit => hit.Id)).ToArray());
        var figures = new
        {
            gemm,
            read,
            kinds = kinds.ToDictionary(kind => kind.Index.Description, kind => new { single = Median.Of(kind.Single), batch = Median.Of(kind.Batch), recall = kind.Recall(kinds[0]) }),
        };
        File.AppendAllText(Path.Combine(folder, "ours.jsonl"), JsonSerializer.Serialize(figures) + "\n");
    }

    private static double Seconds(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>An index and what was measured of it.</summary>
    private sealed class Kind(ExactIndex index, double buildSeconds)
    {
        public ExactIndex Index { get; } = index;

        public double BuildSeconds { get; } = buildSeconds;

        public List<double> Single { get; } = [];

        public List<double> Batch { get; } = [];

        public SearchHit[][] Hits { get; set; } = [];

        /// <summary>The share of another's hits that this found too.</summary>
        public double Recall(Kind exact) =>
            Hits.Zip(exact.Hits, (mine, right) => mine.Select(hit => hit.Id).Intersect(right.Select(hit => hit.Id)).Count() / (double)right.Length).Average();
    }
}
