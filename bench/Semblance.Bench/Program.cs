using Semblance.Bench;
using Semblance.Bench.Galleries;
using Semblance.Bench.Margins;
using Semblance.Bench.Photos;
using Semblance.Bench.Search;
using Semblance.Bench.Tuples;

// Each benchmark prints a table; ratios are of runs made alternately in this one process, since a shared machine drifts.
IReadOnlyDictionary<string, Action<string[]>> benchmarks = new Dictionary<string, Action<string[]>>
{
    ["loop"] = LoopBenchmark.Run,
    ["watch"] = WatchBenchmark.Run,
    ["loader"] = LoaderBenchmark.Run,
    ["synth"] = SyntheticFacesBenchmark.Run,
    ["search"] = SearchBenchmark.Run,
    ["search-hnsw"] = HnswBenchmark.Run,
    ["search-million"] = MillionBenchmark.Run,
    ["galleries"] = GalleryBenchmark.Run,
    ["embed-crops"] = EmbedCrops.Run,
    ["embed"] = EmbedBenchmark.Run,
    ["margins"] = MarginBenchmark.Run,
    ["tuples"] = TupleBenchmark.Run,
    ["tuples-table"] = TupleLossTable.Run,
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out Action<string[]>? benchmark))
{
    Console.Error.WriteLine($"usage: dotnet run --project bench/Semblance.Bench -c Release -- {string.Join('|', benchmarks.Keys)}");
    return 2;
}

benchmark(args[1..]);
return 0;
