using System.Diagnostics;
using System.Globalization;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Bench;

/// <summary>Milliseconds per query of the exact index over 100,000 templates of 512 dimensions, for one probe and for batches.</summary>
internal static class SearchBenchmark
{
    public static void Run(string[] args)
    {
        const int Templates = 100_000;
        const int Dimension = 512;
        var random = new CountedRandom(1);
        float[] vectors = new float[Templates * Dimension];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = (float)random.NextDouble(-1, 1);
        }

        long[] ids = [.. Enumerable.Range(0, Templates).Select(i => (long)i)];
        ExactIndex index = ExactIndex.Empty(Dimension).Add(ids, vectors);
        foreach (int probes in new[] { 1, 32 })
        {
            var milliseconds = new List<double>();
            for (int round = 0; round < 20; round++)
            {
                long started = Stopwatch.GetTimestamp();
                _ = index.SearchBatch(vectors.AsSpan(0, probes * Dimension), probes, 5);
                milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds / probes);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Templates} × {Dimension}, {probes} probes: {Median.Of(milliseconds):F2} ms a query"));
        }
    }
}
