using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Semblance.Numerics;
using Semblance.Recognition.Search;
using Semblance.Recognition.Services;

namespace Semblance.Recognition.Tests;

public sealed class ArraySearchTests : IDisposable
{
    private const int Dimension = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("semblance-arrays-").FullName;
    private readonly float[] _gallery = Random(300, 1);
    private readonly float[] _queries = Random(20, 2);
    private readonly ArraySearchOptions _options;

    public ArraySearchTests()
    {
        _options = new ArraySearchOptions { Gallery = At("g.npy"), Queries = At("q.npy"), IdsPath = At("ids.npy"), ScoresPath = At("scores.npy"), Top = 5 };
        NumpyFile.Write(_options.Gallery, Dimension, _gallery);
        NumpyFile.Write(_options.Queries, Dimension, _queries);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("flat", 1)]
    [InlineData("flat", 7)]
    [InlineData("flat-f16", 256)]
    [InlineData("flat-int8", 256)]
    public void Writes_what_the_index_finds(string kind, int batch)
    {
        ArraySearchReport report = ArraySearch.Run(_options with { Index = kind, Batch = batch }, cancellationToken: TestContext.Current.CancellationToken);
        IMutableVectorIndex index = VectorIndexes.Create(kind, Dimension);
        index.Add([.. Enumerable.Range(0, 300).Select(i => (long)i)], _gallery, TestContext.Current.CancellationToken);
        SearchHit[][] expected = index.SearchBatch(_queries, 20, 5, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.SelectMany(hits => hits.Select(h => h.Id)), Ids(20, 5));
        Assert.Equal(expected.SelectMany(hits => hits.Select(h => h.Score)), Scores(20, 5));
        Assert.Equal((kind, 300, Dimension, 20, 5, 100), (report.Index, report.Rows, report.Dimension, report.Queries, report.Top, report.Hits));
        Assert.True(report.BuildSeconds > 0 && report.QueriesPerSecond > 0 && report.IndexBytes > 0 && report.PeakBytes > report.IndexBytes);
    }

    [Fact]
    public void What_is_missing_is_minus_one()
    {
        ArraySearchReport report = ArraySearch.Run(_options with { Top = 302, Threshold = 0.4f }, cancellationToken: TestContext.Current.CancellationToken);
        float[] scores = Scores(20, 302);
        long[] ids = Ids(20, 302);
        int found = _queries.Chunk(Dimension).Sum(q => _gallery.Chunk(Dimension).Count(g => ExactCosine.Of(g, q) >= 0.4));
        Assert.InRange(found, 100, 5000);
        Assert.Equal(found, report.Hits);
        Assert.Equal(found, ids.Count(id => id >= 0));
        Assert.All(ids.Zip(scores), pair => Assert.Equal(pair.First == -1, pair.Second == float.NegativeInfinity));
        Assert.All(scores, score => Assert.True(score is float.NegativeInfinity or >= 0.4f));
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("flat-f16")]
    [InlineData("flat-int8")]
    public void A_saved_index_takes_the_gallerys_place(string kind)
    {
        _ = ArraySearch.Run(_options with { Index = kind, SaveIndexPath = At("g.index") }, cancellationToken: TestContext.Current.CancellationToken);
        (long[] ids, float[] scores) = (Ids(20, 5), Scores(20, 5));
        ArraySearchReport report = ArraySearch.Run(_options with { Gallery = At("g.index") }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(kind, report.Index);
        Assert.Equal(ids, Ids(20, 5));
        Assert.Equal(scores, Scores(20, 5));
        ArraySearchOptions other = _options with { Gallery = At("g.index"), Index = kind == "flat" ? "flat-int8" : "flat" };
        Assert.Contains($"of the kind {kind}", Assert.Throws<UsageException>(() => ArraySearch.Run(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_tells_how_much_it_finds_and_can_be_saved()
    {
        ArraySearchOptions graph = _options with { Index = "hnsw,m=6,efc=30,ef=12", SaveIndexPath = At("g.index") };
        ArraySearchReport report = ArraySearch.Run(graph, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(report.Recall!.Value, 0.7, 1);
        long[] ids = Ids(20, 5);
        ArraySearchReport again = ArraySearch.Run(_options with { Gallery = At("g.index") }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((graph.Index, report.Recall), (again.Index, again.Recall));
        Assert.Equal(ids, Ids(20, 5));

        // Keeping more than there is: the result is flat's.
        ArraySearchReport wide = ArraySearch.Run(_options with { Gallery = At("g.index"), Index = "hnsw,ef=300" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("hnsw,m=6,efc=30,ef=300", 1.0), (wide.Index, wide.Recall!.Value));
        (ids, float[] scores) = (Ids(20, 5), Scores(20, 5));
        Assert.Null(ArraySearch.Run(_options, cancellationToken: TestContext.Current.CancellationToken).Recall);
        Assert.Equal(ids, Ids(20, 5));
        Assert.Equal(scores, Scores(20, 5));
        Assert.Contains("only ef can be another", Refused("hnsw,m=8"), StringComparison.Ordinal);
        Assert.Contains("of the kind hnsw,m=6,efc=30,ef=12; flat needs the vectors", Refused("flat"), StringComparison.Ordinal);

        string Refused(string index) => Assert.Throws<UsageException>(() => ArraySearch.Run(_options with { Gallery = At("g.index"), Index = index })).Message;
    }

    [Fact]
    public void Wrong_input_is_refused_and_nothing_is_written()
    {
        NumpyFile.Write(At("narrow.npy"), 6, _queries);
        float[] spoilt = [.. _queries];
        spoilt[(13 * Dimension) + 4] = float.NaN;
        NumpyFile.Write(At("spoilt.npy"), Dimension, spoilt);
        Refused<SemblanceException>(_options with { Queries = At("narrow.npy") }, "narrow.npy: the vectors have 6 numbers");
        Refused<SemblanceException>(_options with { Queries = At("spoilt.npy") }, "spoilt.npy: row 13, column 4 is no number (NaN)");
        Refused<SemblanceException>(_options with { Gallery = At("spoilt.npy") }, "spoilt.npy: row 13, column 4 is no number (NaN)");
        Refused<SemblanceException>(_options with { Gallery = At("absent.npy") }, "absent.npy: cannot be read");
        Refused<UsageException>(_options with { IdsPath = _options.Queries }, "q.npy is named twice");
        Refused<UsageException>(_options with { ScoresPath = _options.IdsPath }, "ids.npy is named twice");
        Refused<UsageException>(_options with { SaveIndexPath = Path.Combine(_folder, ".", "g.npy") }, "g.npy is named twice");
        Refused<UsageException>(_options with { Top = 0 }, "top is 0");
        Refused<UsageException>(_options with { Batch = 0 }, "batch is 0");
        Refused<UsageException>(_options with { Threshold = float.NaN }, "threshold is NaN");
        Refused<UsageException>(_options with { Index = "tree" }, "'tree' is no kind of index");

        void Refused<T>(ArraySearchOptions options, string reason)
            where T : SemblanceException
        {
            string message = Assert.Throws<T>(() => ArraySearch.Run(options)).Message;
            Assert.Contains(reason, message, StringComparison.Ordinal);
            Assert.Equal(["g.npy", "narrow.npy", "q.npy", "spoilt.npy"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    private static float[] Random(int count, ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, count * Dimension).Select(_ => (float)random.NextGaussian())];
    }

    private string At(string name) => Path.Combine(_folder, name);

    private long[] Ids(int rows, int columns) => [.. Data(At("ids.npy"), "<i8", rows, columns).Chunk(8).Select(b => BinaryPrimitives.ReadInt64LittleEndian(b))];

    private float[] Scores(int rows, int columns) => [.. MemoryMarshal.Cast<byte, float>(Data(At("scores.npy"), "<f4", rows, columns))];

    private static byte[] Data(string path, string element, int rows, int columns)
    {
        byte[] bytes = File.ReadAllBytes(path);
        NumpyHeader header = NumpyHeader.Parse(bytes);
        Assert.Equal((element, false), (header.Element, header.FortranOrder));
        Assert.Equal([rows, columns], header.Shape);
        return bytes[header.DataOffset..];
    }
}
