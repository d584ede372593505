using System.Text.Json;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Cli.Tests;

public sealed class SearchTests
{
    [Fact]
    public void SearchesFromFileToFile()
    {
        using var folder = new TemporaryFolder();
        float[] gallery = Random(500, 1);
        NumpyFile.Write(folder["g.npy"], 16, gallery);
        NumpyFile.Write(folder["q.npy"], 16, gallery.AsMemory(0, 40 * 16));

        JsonElement document = ToolProcess.Run(
            "search", "--gallery", folder["g.npy"], "--queries", folder["q.npy"], "--top", "3", "--index", "flat-int8", "--threshold", "0.9",
            "--out", folder["ids.npy"], "--scores", folder["scores.npy"], "--save-index", folder["g.index"], "--json").Json();

        Assert.Equal(("flat-int8", 500, 16, 40), (
            document.GetProperty("index").GetString(),
            document.GetProperty("rows").GetInt32(),
            document.GetProperty("dimension").GetInt32(),
            document.GetProperty("queries").GetInt32()));
        Assert.True(document.GetProperty("queries_per_second").GetDouble() > 0);
        using (NumpyMatrix scores = NumpyMatrix.Open(folder["scores.npy"]))
        {
            Assert.Equal((40, 3), (scores.Rows, scores.Columns));
        }

        ToolResult again = ToolProcess.Run("search", "--gallery", folder["g.index"], "--queries", folder["q.npy"], "--top", "1", "--out", folder["again.npy"]);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("40, ", again.Output, StringComparison.Ordinal);

        // Every query is a row of the gallery: its own number comes first.
        byte[] ids = File.ReadAllBytes(folder["again.npy"])[^(40 * 8)..];
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), Enumerable.Range(0, 40).Select(i => BitConverter.ToInt64(ids, i * 8)));
    }

    [Fact]
    public void AGraphSaysHowMuchItFinds()
    {
        using var folder = new TemporaryFolder();
        NumpyFile.Write(folder["g.npy"], 16, Random(3000, 1));
        NumpyFile.Write(folder["q.npy"], 16, Random(50, 2));
        ToolResult built = ToolProcess.Run(
            "search", "--gallery", folder["g.npy"], "--queries", folder["q.npy"], "--index", "hnsw,m=8,efc=60,ef=40", "--save-index", folder["g.index"]);
        Assert.Equal(0, built.ExitCode);
        Assert.Contains("% of the very nearest", built.Output, StringComparison.Ordinal);
        JsonElement wide = ToolProcess.Run("search", "--gallery", folder["g.index"], "--queries", folder["q.npy"], "--index", "hnsw,ef=200", "--json").Json();
        Assert.Equal("hnsw,m=8,efc=60,ef=200", wide.GetProperty("index").GetString());
        Assert.InRange(wide.GetProperty("recall").GetDouble(), 0.97, 1);
        ToolProcess.Run("search", "--gallery", folder["g.index"], "--queries", folder["q.npy"], "--index", "hnsw,m=9").FailsWith(2, "only ef can be another");
    }

    [Fact]
    public void WrongInputIsOneLine()
    {
        using var folder = new TemporaryFolder();
        NumpyFile.Write(folder["g.npy"], 16, Random(5, 1));
        NumpyFile.Write(folder["q.npy"], 8, Random(4, 2));
        File.WriteAllText(folder["text.npy"], "1 2 3");
        ToolProcess.Run("search", "--gallery", folder["g.npy"], "--queries", folder["q.npy"]).FailsWith(1, "q.npy", "8 numbers", "16");
        ToolProcess.Run("search", "--gallery", folder["text.npy"], "--queries", folder["q.npy"]).FailsWith(1, "text.npy", "no .npy file");
        ToolProcess.Run("search", "--gallery", folder["g.npy"], "--queries", folder["g.npy"], "--index", "tree").FailsWith(2, "'tree'", "flat-int8");
        ToolProcess.Run("search", "--gallery", folder["g.npy"], "--queries", folder["g.npy"], "--out", folder["g.npy"]).FailsWith(2, "named twice");
    }

    private static float[] Random(int count, ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, count * 16).Select(_ => (float)random.NextGaussian())];
    }
}
