using System.Collections.Concurrent;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests.Search;

public sealed class HnswChangesTests
{
    private const int Dimension = 32;
    private const int Kept = 1500;
    private const int Passing = 6000;
    private const int Window = 500;

    /// <summary>
    /// Rows 0 … 1,499 stay; further rows come and go, in order of their ids, so a search knows which had gone before it began. Each row's
    /// numbers can be computed from its id, so a row that is half another shows by its score.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 50)]
    public async Task Searches_see_rows_whole_and_never_those_removed_before(bool alwaysWalk, int batch)
    {
        float[] all = HnswData.Clustered(Kept + Passing, Dimension, 150, 11);
        var index = new HnswIndex(Dimension, new HnswOptions { Links = 8, BuildWidth = 40, SearchWidth = 80 }, alwaysWalk);
        index.Add(HnswData.Ids(Kept), all.AsSpan(0, Kept * Dimension), TestContext.Current.CancellationToken);
        int removedBelow = Kept;
        int addedBelow = Kept;
        var writer = Task.Run(() =>
        {
            for (int id = Kept; id < Kept + Passing; id += batch)
            {
                Volatile.Write(ref addedBelow, id + batch);
                index.Add(HnswData.Ids(batch, id), all.AsSpan(id * Dimension, batch * Dimension));
                int old = id - Window;
                if (old >= Kept)
                {
                    Assert.Equal(batch, index.Remove(HnswData.Ids(batch, old)));
                    Volatile.Write(ref removedBelow, old + batch);
                }
            }
        });
        var found = new ConcurrentBag<double>();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            for (int i = reader; !writer.IsCompleted; i += 7)
            {
                ReadOnlySpan<float> probe = all.AsSpan(i * 13 % (Kept + Passing) * Dimension, Dimension);
                int gone = Volatile.Read(ref removedBelow);
                SearchHit[] hits = index.SearchBatch(probe, 1, 10, i % 3 == 0 ? id => id % 2 == 0 : null)[0];
                int come = Volatile.Read(ref addedBelow);
                Assert.Equal(10, hits.Length);
                Assert.Equal(10, hits.Select(hit => hit.Id).Distinct().Count());
                float[] copy = probe.ToArray();
                foreach (SearchHit hit in hits)
                {
                    Assert.True(hit.Id < Kept || (hit.Id >= gone && hit.Id < come), $"row {hit.Id} after {gone} and before {come}");
                    Assert.Equal(ExactCosine.Of(all[((int)hit.Id * Dimension)..(((int)hit.Id + 1) * Dimension)], copy), hit.Score, 2e-6);
                }

                // A row that stays is found by its own numbers.
                int own = i % Kept;
                found.Add(index.One(all.AsSpan(own * Dimension, Dimension), 1)[0].Id == own ? 1 : 0);
            }
        }))];
        await writer;
        await Task.WhenAll(readers);
        Assert.Equal(Kept + Window, index.Count);
        Assert.InRange(found.Average(), 0.97, 1);
        Assert.InRange(index.Graph.Used, Kept + Window, Kept + (2 * Window));
    }

    [Fact]
    public async Task A_row_that_moves_is_never_seen_twice()
    {
        float[] all = HnswData.Clustered(400, Dimension, 40, 12);
        var index = new HnswIndex(Dimension, new HnswOptions { Links = 8, BuildWidth = 40, SearchWidth = 80 }, alwaysWalk: true);
        index.Add(HnswData.Ids(400), all, TestContext.Current.CancellationToken);
        var writer = Task.Run(() =>
        {
            for (int i = 0; i < 4000; i++)
            {
                // The same ids, each time with the numbers of another row.
                int id = i % 20;
                index.Remove([id]);
                index.Add([id], all.AsSpan(((i * 7) + 20) % 400 * Dimension, Dimension));
            }
        });
        for (int i = 0; !writer.IsCompleted; i++)
        {
            SearchHit[] hits = index.One(all.AsSpan(i % 400 * Dimension, Dimension), 60);
            Assert.Equal(hits.Length, hits.Select(hit => hit.Id).Distinct().Count());
            Assert.InRange(hits.Length, 59, 60);
        }

        await writer;
        Assert.Equal(400, index.Count);
    }

    [Fact]
    public async Task Saving_goes_on_beside_searches()
    {
        using var folder = new TemporaryFolder();
        float[] all = HnswData.Clustered(3000, Dimension, 300, 13);
        var index = new HnswIndex(Dimension);
        index.Add(HnswData.Ids(3000), all, TestContext.Current.CancellationToken);
        index.Remove(HnswData.Ids(300));
        var saving = Task.Run(() => HnswIndexFile.Save(index, folder.File("a.index")));
        while (!saving.IsCompleted)
        {
            Assert.Equal(2000, index.One(all.AsSpan(2000 * Dimension, Dimension), 1)[0].Id);
        }

        await saving;
        Assert.Equal(2700, HnswIndexFile.Open(folder.File("a.index")).Count);
    }
}
