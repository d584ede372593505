using System.Buffers.Binary;
using CsCheck;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests.Search;

public sealed class HnswIndexFileTests : IDisposable
{
    private const int Dimension = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_index_is_searched_with_the_same_result_and_goes_on_changing() => (
        from dimension in Gen.Int[1, 50]
        from count in Gen.Int[0, 300]
        from removed in Gen.Int[0, 6]
        from alwaysWalk in Gen.Bool
        from seed in Gen.ULong
        select (dimension, count, removed, alwaysWalk, seed)).Sample(
        c =>
        {
            string path = _folder.File($"{Guid.NewGuid():N}.index");
            var index = new HnswIndex(c.dimension, new HnswOptions { Links = 5, BuildWidth = 20, SearchWidth = c.alwaysWalk ? 10 : 300 }, c.alwaysWalk);
            float[] rows = HnswData.Random(c.count, c.dimension, c.seed);

            // Some rows have the numbers of others.
            for (int i = 0; i + 3 < c.count; i += 11)
            {
                rows.AsSpan(i * c.dimension, c.dimension).CopyTo(rows.AsSpan((i + 3) * c.dimension));
            }

            index.Add(HnswData.Ids(c.count), rows);
            index.Remove([.. HnswData.Ids(c.count).Where(id => id % 7 < c.removed)]);
            HnswIndexFile.Save(index, path);
            HnswIndex opened = HnswIndexFile.Open(path);
            Assert.Equal((index.Count, index.Dimension, index.Options), (opened.Count, opened.Dimension, opened.Options));
            float[] probes = HnswData.Random(9, c.dimension, c.seed + 7);
            Assert.Equal(index.SearchExactly(probes, 9, 20), opened.SearchExactly(probes, 9, 20));
            if (!c.alwaysWalk)
            {
                Assert.Equal(index.SearchBatch(probes, 9, 20), opened.SearchBatch(probes, 9, 20));
            }

            float[] more = HnswData.Random(40, c.dimension, c.seed + 1);
            foreach (HnswIndex each in new[] { index, opened })
            {
                each.Add(HnswData.Ids(40, 1000), more);
long[] gone = [.. HnswData.Ids(c.count).Where(id => id % 7 == 6).Take(1), 1001, 1039, -5];
                Assert.Equal(gone.Length - 1, each.Remove(gone));
            }

            HnswIndexFile.Save(opened, path);
            Assert.Equal(index.SearchExactly(probes, 9, 20), HnswIndexFile.Open(path).SearchExactly(probes, 9, 20));
            File.Delete(path);
        },
        iter: 80);

    [Fact]
    public void An_opened_graph_leads_where_the_saved_one_did()
    {
        float[] all = HnswData.Clustered(5100, Dimension, 500, 1);
        float[] queries = all[(5000 * Dimension)..];
        var index = new HnswIndex(Dimension);
        index.Add(HnswData.Ids(5000), all.AsSpan(0, 5000 * Dimension), TestContext.Current.CancellationToken);
        index.Remove(HnswData.Ids(800, 100));
        HnswIndexFile.Save(index, _folder.File("a.index"), TestContext.Current.CancellationToken);
        HnswIndex opened = HnswIndexFile.Open(_folder.File("a.index"));

        // Rows get new places in the file, so where codes have equal scores a walk may turn otherwise.
        Assert.InRange(HnswData.Recall(index.SearchBatch(queries, 100, 10), opened.SearchBatch(queries, 100, 10)), 0.99, 1);
    }

    [Fact]
    public void A_file_holds_nothing_of_removed_rows()
    {
        float[] rows = HnswData.Random(300, Dimension, 2);
        var index = new HnswIndex(Dimension);
        index.Add(HnswData.Ids(300), rows, TestContext.Current.CancellationToken);
        byte[] secret = new byte[4];
        float[] unit = new float[Dimension];
        UnitLength.Scale(rows.AsSpan(123 * Dimension, Dimension), unit);
        BinaryPrimitives.WriteSingleLittleEndian(secret, unit[5]);
        HnswIndexFile.Save(index, _folder.File("with.index"), TestContext.Current.CancellationToken);
        Assert.True(File.ReadAllBytes(_folder.File("with.index")).AsSpan().IndexOf(secret) > 0);
        index.Remove([123]);
        HnswIndexFile.Save(index, _folder.File("without.index"), TestContext.Current.CancellationToken);
        Assert.Equal(-1, File.ReadAllBytes(_folder.File("without.index")).AsSpan().IndexOf(secret));
    }

    [Fact]
    public void Any_changed_byte_is_found()
    {
        byte[] whole = Whole();
        Gen.Select(Gen.Frequency((1, Gen.Int[0, 72]), (5, Gen.Int[0, whole.Length - 1])), Gen.Byte[1, 255]).Sample(
            (at, change) =>
            {
                byte[] bytes = [.. whole];
                bytes[at] ^= change;
                RequireLine(bytes);
            },
            iter: 150);
    }

    [Fact]
    public void A_file_cut_short_or_prolonged_is_refused()
    {
        byte[] whole = Whole();
        Gen.Frequency((1, Gen.Int[0, 100]), (4, Gen.Int[0, whole.Length - 1]), (1, Gen.Int[whole.Length + 1, whole.Length + 5000])).Sample(
            length => RequireLine([.. whole.Take(length), .. new byte[Math.Max(0, length - whole.Length)]]),
            iter: 100);
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        byte[] good = Whole();
        Assert.Contains("cannot be read", Assert.Throws<SemblanceException>(() => HnswIndexFile.Open(_folder.File("absent"))).Message, StringComparison.Ordinal);
        Assert.Contains("no index file of the kind hnsw", RequireLine([.. Enumerable.Repeat((byte)7, 9000)]), StringComparison.Ordinal);
        Assert.Contains("version 2, this program reads version 1", RequireLine(Resealed(8, 2)), StringComparison.Ordinal);
        Assert.Contains("0 numbers", RequireLine(Resealed(12, 0)), StringComparison.Ordinal);
        Assert.Contains("m=3", RequireLine(Resealed(16, 3)), StringComparison.Ordinal);
        Assert.Contains("begin at row 900", RequireLine(Resealed(28, 900)), StringComparison.Ordinal);
        Assert.Contains("expected of 301 rows", RequireLine(Resealed(36, 301)), StringComparison.Ordinal);

        // Links that lead out of the index, in a file whose checksums are right.
        HnswIndex index = Index();
        index.Graph.Rows.LinksOf(5, 0)[0] = 200;
        index.Graph.Rows.LinksOf(200, 0)[0] = 5;
        HnswIndexFile.Save(index, _folder.File("fine"), TestContext.Current.CancellationToken);
        Assert.Equal(300, HnswIndexFile.Open(_folder.File("fine")).Count);
        index.Graph.Rows.LinksOf(5, 0)[0] = -7;
        HnswIndexFile.Save(index, _folder.File("lost"), TestContext.Current.CancellationToken);
        Assert.Contains("row 5 links to -7", RequireLine(File.ReadAllBytes(_folder.File("lost"))), StringComparison.Ordinal);

        byte[] Resealed(int at, int value)
        {
            byte[] bytes = [.. good];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4092), CheckedMapping.Sum(bytes.AsSpan(0, 4092)));
            return bytes;
        }
    }

    [Fact]
    public void A_cancelled_save_leaves_the_old_file()
    {
        string path = _folder.File("old.index");
        File.WriteAllText(path, "old");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => HnswIndexFile.Save(Index(), path, cancelled.Token));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    private static HnswIndex Index()
    {
        var index = new HnswIndex(Dimension);
        index.Add(HnswData.Ids(300), HnswData.Random(300, Dimension, 1), TestContext.Current.CancellationToken);
        return index;
    }

    private byte[] Whole()
    {
        string path = _folder.File("whole.index");
        HnswIndexFile.Save(Index(), path, TestContext.Current.CancellationToken);
        Assert.True(HnswIndexFile.IsIndexFile(path));
        return File.ReadAllBytes(path);
    }

    private string RequireLine(byte[] bytes)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.index");
        File.WriteAllBytes(path, bytes);
        string message = Assert.Throws<SemblanceException>(() => HnswIndexFile.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        File.Delete(path);
        return message;
    }
}
