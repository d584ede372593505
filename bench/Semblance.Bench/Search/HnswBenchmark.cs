using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>
/// Approximate search by the graph: build time, memory, and for several search widths the rate and the recall of the exact top 10. Options, in
/// any order: rows=N (200,000), real=FILE.npy (real embeddings; more rows than those are likenesses of them, rows=0 takes those alone), m=N, efc=N (of the index),
/// widths=A,B,… (to search with), rounds=N (3), kind=random|clustered (what to make up; clustered), out=DIR (vectors, queries, exact ids and
/// figures as files, for a comparison with another library), load=1 (takes the index from out=DIR where it was saved before, so that several
/// rounds in turns with another library build it once).
/// </summary>
internal static class HnswBenchmark
{
    private const int Dimension = 512;
    private const int Queries = 1024;
    private const int Top = 10;
    private const int PhotosPerIdentity = 4;

    public static void Run(string[] args)
    {
        Dictionary<string, string> options = args.Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
        int Number(string key, int otherwise) => options.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        int rows = Number("rows", 200_000);
        var standard = new HnswOptions();
        var build = new HnswOptions { Links = Number("m", standard.Links), BuildWidth = Number("efc", standard.BuildWidth) };
        int[] widths = [.. options.GetValueOrDefault("widths", "10,16,24,32,48,64,96,128,192,256").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        (float[] vectors, int dimension) = Vectors(options.GetValueOrDefault("real"), options.GetValueOrDefault("kind", "clustered"), ref rows);
        ReadOnlyMemory<float> gallery = vectors.AsMemory(0, rows * dimension);
        ReadOnlyMemory<float> queries = vectors.AsMemory(rows * dimension);
        long[] ids = [.. Enumerable.Range(0, rows).Select(i => (long)i)];
        SearchHit[][] exact = ExactIndex.Empty(dimension).Add(ids, gallery.Span).SearchBatch(queries.Span, Queries, Top);
        string? folder = options.GetValueOrDefault("out");
        var index = new HnswIndex(dimension, build);
        string? saved = folder is null ? null : Path.Combine(folder, "hnsw.index");
        double seconds;
        if (saved is not null && options.ContainsKey("load"))
        {
            seconds = 0;
            double open = Seconds(() => index = HnswIndexFile.Open(saved));
            Console.WriteLine(FormattableString.Invariant($"{rows} × {dimension}, {index.Description}: opened in {open:F1} s"));
        }
        else
        {
            seconds = Seconds(() => index.Add(ids, gallery.Span));
            Console.WriteLine(FormattableString.Invariant($"{rows} × {dimension}, {index.Description}: built in {seconds:F1} s ({rows / seconds:F0} rows/s), {index.MemoryBytes / 1e6:F0} MB"));
            if (saved is not null)
            {
                HnswIndexFile.Save(index, saved);
            }
        }

        var figures = new List<object>();
        foreach (int width in widths)
        {
            index.SearchWidth = width;
            SearchHit[][] hits = index.SearchBatch(queries.Span, Queries, Top);
            double recall = Recall(hits, exact);
            var batch = new List<double>();
            var single = new List<double>();
            for (int round = 0; round < Number("rounds", 3); round++)
            {
                batch.Add(Queries / Seconds(() => index.SearchBatch(queries.Span, Queries, Top)));
                single.Add(Queries / Seconds(() =>
                {
                    for (int i = 0; i < Queries; i++)
                    {
                        _ = index.SearchBatch(queries.Span.Slice(i * dimension, dimension), 1, Top);
                    }
                }));
            }

            Console.WriteLine(FormattableString.Invariant($"  ef {width,4}: recall@{Top} {recall:F4}, batch of {Queries} {Median.Of(batch):F0}/s, single {Median.Of(single):F0}/s"));
            figures.Add(new { ef = width, recall, batch = Median.Of(batch), single = Median.Of(single) });
        }

        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            NumpyFile.Write(Path.Combine(folder, "gallery.npy"), dimension, gallery);
            NumpyFile.Write(Path.Combine(folder, "queries.npy"), dimension, queries);
            NumpyFile.Write(Path.Combine(folder, "exact.npy"), Top, exact.SelectMany(hits => hits.Select(hit => hit.Id)).ToArray());
            var line = new { rows, dimension, m = build.Links, efc = build.BuildWidth, build = seconds, bytes = index.MemoryBytes, sweep = figures };
            File.AppendAllText(Path.Combine(folder, "hnsw.jsonl"), JsonSerializer.Serialize(line) + "\n");
        }
    }

    private static (float[] Vectors, int Dimension) Vectors(string? real, string kind, ref int rows)
    {
        if (real is null)
        {
            int all = rows + Queries;
            return (kind == "random" ? SearchData.Random(all, Dimension, 1) : SearchData.Clustered(all, Dimension, Math.Max(1, rows / PhotosPerIdentity), 1), Dimension);
        }

        // Queries are real embeddings that are not in the gallery.
        (float[] originals, int dimension) = SearchData.Read(real);
        int count = originals.Length / dimension;
        var (queries, others) = (new List<float>(), new List<float>());
        int every = count / Queries;
        for (int i = 0; i < count; i++)
        {
            (i % every == 0 && queries.Count < Queries * dimension ? queries : others).AddRange(originals.AsSpan(i * dimension, dimension));
        }

        rows = Math.Max(rows, 0) == 0 ? others.Count / dimension : rows;
        float[] gallery = SearchData.Enlarged([.. others], rows, dimension, 1);
        return ([.. gallery, .. queries], dimension);
    }

    private static double Recall(SearchHit[][] found, SearchHit[][] exact) =>
        found.Zip(exact, (mine, right) => mine.Select(hit => hit.Id).Intersect(right.Select(hit => hit.Id)).Count() / (double)right.Length).Average();

    private static double Seconds(Action action)
    {
        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
