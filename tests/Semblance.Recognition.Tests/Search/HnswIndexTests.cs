using CsCheck;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests.Search;

public sealed class HnswIndexTests
{
    private const int Dimension = 48;
    private const int Queries = 100;

    private static readonly HnswOptions Small = new() { Links = 8, BuildWidth = 60, SearchWidth = 64 };

    [Theory]
    [InlineData(true, 48, 0.98)]
    [InlineData(true, 129, 0.98)]
    [InlineData(false, 16, 0.95)]
    public void Finds_nearly_all_of_what_exact_search_finds(bool clustered, int dimension, double least)
    {
        const int Rows = 8000;
        float[] all = clustered ? HnswData.Clustered(Rows + Queries, dimension, 900, 1) : HnswData.Random(Rows + Queries, dimension, 1);
        ReadOnlySpan<float> queries = all.AsSpan(Rows * dimension);
        var index = new HnswIndex(dimension);
        index.Add(HnswData.Ids(Rows), all.AsSpan(0, Rows * dimension), TestContext.Current.CancellationToken);
        SearchHit[][] exact = ExactIndex.Empty(dimension).Add(HnswData.Ids(Rows), all.AsSpan(0, Rows * dimension)).SearchBatch(queries, Queries, 10);
        SearchHit[][] found = index.SearchBatch(queries, Queries, 10, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(HnswData.Recall(exact, found), least, 1);

        // What is found has exact search's very scores; and looking at all rows gives exact search's result.
        Assert.Equal(exact, index.SearchExactly(queries, Queries, 10, TestContext.Current.CancellationToken));
        for (int i = 0; i < Queries; i++)
        {
            var right = ExactScores(exact[i]);
            Assert.All(found[i], hit => Assert.True(!right.TryGetValue(hit.Id, out float score) || score == hit.Score));
            Assert.Equal(found[i].OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id), found[i]);
        }

        // A wider search finds more.
        index.SearchWidth = 400;
        Assert.InRange(HnswData.Recall(exact, index.SearchBatch(queries, Queries, 10, cancellationToken: TestContext.Current.CancellationToken)), 0.995, 1);
    }

    [Fact]
    public void Few_rows_are_searched_exactly() => Case.Sample(
        c =>
        {
            IMutableVectorIndex index = VectorIndexes.Create("hnsw,m=4,efc=8,ef=25", c.Dimension);
            long[] ids = HnswData.Ids(c.Count);
            Fill(index, ids, c.Rows, c.Dimension, c.Batch);
            ExactIndex exact = ExactIndex.Empty(c.Dimension).Add(ids, c.Rows);
            Assert.Equal(exact.SearchBatch(c.Probes, 5, c.Top), index.SearchBatch(c.Probes, 5, c.Top));
            long[] gone = [.. ids.Where(id => id % 3 == 0)];
            Assert.Equal(gone.Length, index.Remove(gone));
            exact = exact.Remove(gone);
            Assert.Equal(exact.Count, index.Count);
            Assert.Equal(exact.SearchBatch(c.Probes, 5, c.Top, id => id % 2 == 0), index.SearchBatch(c.Probes, 5, c.Top, id => id % 2 == 0));
        },
        iter: 150);

    [Fact]
    public void A_walk_that_keeps_all_candidates_finds_all_and_scores_them_exactly()
    {
        var (found, wanted) = (0L, 0L);
        Case.Sample(
            c =>
            {
                var index = new HnswIndex(c.Dimension, Small with { SearchWidth = 1000 }, alwaysWalk: true);
                Fill(index, HnswData.Ids(c.Count), c.Rows, c.Dimension, c.Batch);
                SearchHit[][] exact = ExactIndex.Empty(c.Dimension).Add(HnswData.Ids(c.Count), c.Rows).SearchBatch(c.Probes, 5, Math.Max(1, c.Count));
                SearchHit[][] hits = index.SearchBatch(c.Probes, 5, c.Top);
                for (int i = 0; i < 5; i++)
                {
                    var scores = ExactScores(exact[i]);
                    Assert.Equal(Math.Min(c.Top, c.Count), hits[i].Length);
                    Assert.All(hits[i], hit => Assert.Equal(scores[hit.Id], hit.Score));
                    Assert.Equal(hits[i].Length, hits[i].Select(hit => hit.Id).Distinct().Count());
                    Interlocked.Add(ref wanted, hits[i].Length);
                    Interlocked.Add(ref found, hits[i].Zip(exact[i]).Count(pair => pair.First.Score >= pair.Second.Score));
                }
            },
            iter: 200);
        Assert.InRange(found / (double)wanted, 0.995, 1);
    }

    [Fact]
    public void Any_order_of_changes_leaves_what_was_added_and_not_removed()
    {
        Gen<(bool Add, int Id)[]> changes = Gen.Select(Gen.Bool, Gen.Int[0, 40]).Array[0, 150];
        Gen.Select(changes, Gen.Int[1, 20], Gen.Bool, Gen.ULong).Sample(
            (steps, dimension, alwaysWalk, seed) =>
            {
                var index = new HnswIndex(dimension, new HnswOptions { Links = 4, BuildWidth = 16, SearchWidth = 50 }, alwaysWalk);
                var model = new Dictionary<long, float[]>();
                foreach ((bool add, int id) in steps)
                {
                    if (!add)
                    {
                        Assert.Equal(model.Remove(id) ? 1 : 0, index.Remove([id]));
                    }
                    else if (!model.ContainsKey(id))
                    {
                        // Some ids share their numbers.
                        model.Add(id, HnswData.Random(1, dimension, seed + (ulong)(id % 23)));
                        index.Add([id], model[id]);
                    }
                    else
                    {
                        Assert.Throws<ArgumentException>(() => index.Add([id], new float[dimension]));
                    }
                }

                Assert.Equal(model.Count, index.Count);
                float[] probe = HnswData.Random(1, dimension, seed);
                SearchHit[] hits = index.One(probe, 100);
                Assert.Equal(model.Keys.Order(), hits.Select(hit => hit.Id).Order());
                Assert.All(hits, hit => Assert.Equal(ExactCosine.Of(model[hit.Id], probe), hit.Score, 2e-6));
                Assert.Equal(index.SearchExactly(probe, 1, 100)[0], hits);
            },
            iter: 200);
    }

    [Fact]
    public void Recall_does_not_decay_when_half_is_removed_and_replaced_again_and_again()
    {
        const int Rows = 4000;
        float[] all = HnswData.Clustered((4 * Rows) + Queries, Dimension, 500, 3);
        float[] queries = all[^(Queries * Dimension)..];
        var index = new HnswIndex(Dimension, Small);
        Fill(index, HnswData.Ids(Rows), all.AsSpan(0, Rows * Dimension), Dimension, Rows);
        double fresh = HnswData.Recall(index.SearchExactly(queries, Queries, 10), index.SearchBatch(queries, Queries, 10));
        int used = index.Graph.Used;
        for (int round = 0; round < 6; round++)
        {
            int from = round * Rows / 2;
            for (int i = 0; i < Rows / 2; i += 40)
            {
                Assert.Equal(40, index.Remove(HnswData.Ids(40, from + i)));
            }

            Assert.InRange(HnswData.Recall(index.SearchExactly(queries, Queries, 10), index.SearchBatch(queries, Queries, 10)), fresh - 0.03, 1);
            int added = Rows + from;
            index.Add(HnswData.Ids(Rows / 2, added), all.AsSpan(added * Dimension, Rows / 2 * Dimension), TestContext.Current.CancellationToken);
        }

        Assert.Equal(Rows, index.Count);
        Assert.InRange(HnswData.Recall(index.SearchExactly(queries, Queries, 10), index.SearchBatch(queries, Queries, 10)), fresh - 0.02, 1);

        // Slots are used again: all that was ever added is four times what is there.
        Assert.InRange(index.Graph.Used, used, used + (used / 10));
    }

    [Fact]
    public void Removing_a_whole_bunch_leaves_its_survivor_to_be_found()
    {
        float[] all = HnswData.Clustered(3000, Dimension, 60, 4);
        var index = new HnswIndex(Dimension, Small);
        index.Add(HnswData.Ids(3000), all, TestContext.Current.CancellationToken);
        for (int person = 0; person < 60; person++)
        {
            // All photos of a person but the last go, one by one.
            for (int photo = person; photo < 2940; photo += 60)
            {
                Assert.Equal(1, index.Remove([photo]));
            }

            int last = 2940 + person;
            Assert.Equal(last, index.One(all.AsSpan(last * Dimension, Dimension), 1)[0].Id);
        }
    }

    [Fact]
    public void What_is_left_of_many_rows_removed_at_once_is_found()
    {
        const int Rows = 6000;
        float[] all = HnswData.Clustered(Rows + Queries, Dimension, 600, 14);
        float[] queries = all[^(Queries * Dimension)..];
        var index = new HnswIndex(Dimension, Small, alwaysWalk: true);
        index.Add(HnswData.Ids(Rows), all.AsSpan(0, Rows * Dimension), TestContext.Current.CancellationToken);
        Assert.Equal(Rows * 9 / 10, index.Remove([.. HnswData.Ids(Rows).Where(id => id % 10 != 4)]));
        Assert.InRange(HnswData.Recall(index.SearchExactly(queries, Queries, 10), index.SearchBatch(queries, Queries, 10)), 0.97, 1);
    }

    [Fact]
    public unsafe void The_numbers_of_removed_rows_are_overwritten()
    {
        float[] all = HnswData.Clustered(500, Dimension, 50, 5);
        var index = new HnswIndex(Dimension, Small);
        index.Add(HnswData.Ids(500), all, TestContext.Current.CancellationToken);
        HnswRows rows = index.Graph.Rows;
        int[] slots = [.. Enumerable.Range(0, 500).Where(slot => rows.Id(slot) is >= 100 and < 120)];
        Assert.Equal(20, slots.Length);
        Assert.All(slots, slot => Assert.True(new ReadOnlySpan<float>(rows.Floats(slot), Dimension).ContainsAnyExcept(0)));
        Assert.Equal(20, index.Remove(HnswData.Ids(20, 100)));
        foreach (int slot in slots)
        {
            Assert.False(new ReadOnlySpan<float>(rows.Floats(slot), Dimension).ContainsAnyExcept(0));
            Assert.False(new ReadOnlySpan<byte>(rows.Code(slot), rows.CodeBytes).ContainsAnyExcept((byte)0));
        }

        GC.KeepAlive(index);
    }

    [Fact]
    public void Filters_leave_what_they_accept_however_few_that_are()
    {
        const int Rows = 6000;
        float[] all = HnswData.Clustered(Rows + Queries, Dimension, 600, 6);
        float[] queries = all[^(Queries * Dimension)..];
        var index = new HnswIndex(Dimension, Small);
        index.Add(HnswData.Ids(Rows), all.AsSpan(0, Rows * Dimension), TestContext.Current.CancellationToken);
        ExactIndex exact = ExactIndex.Empty(Dimension).Add(HnswData.Ids(Rows), all.AsSpan(0, Rows * Dimension));
        Require(id => id % 2 == 0, 0.95);
        Require(id => id % 10 == 3, 0.95);
        Require(id => id % 1500 == 7, 1);
        Require(id => id == 4711, 1);
        Require(_ => false, 1);

        // Of one person alone: for the other probes the accepted rows are far away.
        Require(id => id % 600 == 5, 1);

        void Require(Func<long, bool> accept, double least)
        {
            SearchHit[][] right = exact.SearchBatch(queries, Queries, 10, accept);
            SearchHit[][] found = index.SearchBatch(queries, Queries, 10, accept);
            Assert.Equal(right.Select(hits => hits.Length), found.Select(hits => hits.Length));
            Assert.All(found.SelectMany(hits => hits), hit => Assert.True(accept(hit.Id)));
            if (right.Sum(hits => hits.Length) > 0)
            {
                Assert.InRange(HnswData.Recall(right, found), least, 1);
            }
        }
    }

    [Fact]
    public void Thousands_of_the_same_vector_are_one_node_with_many_ids()
    {
        float[] others = HnswData.Clustered(2000, Dimension, 200, 7);
        float[] same = HnswData.Random(1, Dimension, 8);
        var index = new HnswIndex(Dimension, Small);
        index.Add(HnswData.Ids(1000), others.AsSpan(0, 1000 * Dimension), TestContext.Current.CancellationToken);
        index.Add([9000], same, TestContext.Current.CancellationToken);
        index.Add(HnswData.Ids(3000, 5000), [.. Enumerable.Repeat(same, 3000).SelectMany(v => v)], TestContext.Current.CancellationToken);
        index.Add(HnswData.Ids(1000, 1000), others.AsSpan(1000 * Dimension), TestContext.Current.CancellationToken);
        Assert.Equal(5001, index.Count);
        Assert.InRange(Enumerable.Range(0, index.Graph.Used).Count(index.Graph.Rows.IsLive), 2001, 2005);
        Assert.Equal(HnswData.Ids(12, 5000), index.One(same, 12).Select(hit => hit.Id));

        // The others are found past them, and the ids go one by one.
        Assert.Equal(77, index.One(others.AsSpan(77 * Dimension, Dimension), 1)[0].Id);
        Assert.Equal(2999, index.Remove(HnswData.Ids(2999, 5001)));
        Assert.Equal([5000, 9000], index.One(same, 12).Where(hit => hit.Score > 0.999f).Select(hit => hit.Id));
        Assert.Equal(2, index.Remove([9000, 5000, 9000]));
        Assert.DoesNotContain(index.One(same, 12), hit => hit.Score > 0.999f);
        Assert.Equal(2000, index.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_one_row_and_zeros_are_no_special_cases(bool alwaysWalk)
    {
        var index = new HnswIndex(3, Small, alwaysWalk);
        Assert.Empty(index.One([1, 0, 0], 5));
        Assert.Empty(index.SearchBatch([], 0, 5));
        Assert.Equal(0, index.Remove([1]));
        index.Add([], [], TestContext.Current.CancellationToken);
        index.Add([7], [0, 3, 0], TestContext.Current.CancellationToken);
        Assert.Equal([new SearchHit(7, 1)], index.One([0, 1, 0], 5));
        index.Add([8, 9], new float[6], TestContext.Current.CancellationToken);
        Assert.Equal([new SearchHit(7, 1), new SearchHit(8, 0), new SearchHit(9, 0)], index.One([0, 1, 0], 5));
        Assert.Equal([new SearchHit(7, 0), new SearchHit(8, 0), new SearchHit(9, 0)], index.One([0, 0, 0], 5));
        Assert.Equal(3, index.Remove([9, 7, 8]));
        Assert.Empty(index.One([1, 0, 0], 5));
        index.Add([7], [1, 0, 0], TestContext.Current.CancellationToken);
        Assert.Equal([new SearchHit(7, -1)], index.One([-2, 0, 0], 5));
    }

    [Fact]
    public void Wrong_rows_are_refused_and_none_is_added()
    {
        var index = new HnswIndex(2, Small);
        index.Add([1], [1, 0], TestContext.Current.CancellationToken);
        Assert.Contains("Id 1 is in the index already", Refused([2, 1], [0, 1, 1, 1]), StringComparison.Ordinal);
        Assert.Contains("Id 3 is given twice", Refused([3, 3], [0, 1, 1, 1]), StringComparison.Ordinal);
        Assert.Contains("no finite number", Refused([2], [float.NaN, 1]), StringComparison.Ordinal);
        Assert.Contains("3 floats given for 1 vectors of 2", Refused([2], [1, 2, 3]), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.SearchBatch([1, float.PositiveInfinity], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.SearchBatch([1, 0], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.SearchWidth = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HnswIndex(2, new HnswOptions { Links = 3 }));

        string Refused(long[] ids, float[] vectors)
        {
            string message = Assert.Throws<ArgumentException>(() => index.Add(ids, vectors)).Message;
            Assert.Equal(1, index.Count);
            return message;
        }
    }

    [Fact]
    public void What_a_cancelled_addition_added_stays_and_the_rest_can_follow()
    {
        const int Rows = 30_000;
        float[] all = HnswData.Random(Rows, 8, 9);
        var index = new HnswIndex(8, Small);
        using var source = new CancellationTokenSource();
        var adding = Task.Run(() => index.Add(HnswData.Ids(Rows), all, source.Token));
        while (index.Count == 0)
        {
            Thread.Yield();
        }

        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => adding.GetAwaiter().GetResult());
        Assert.InRange(index.Count, 1, Rows - 1);
        SearchHit[] there = index.One(all.AsSpan(0, 8), Rows);
        Assert.Equal(index.Count, there.Length);
        var ids = there.Select(hit => hit.Id).ToHashSet();
        foreach (long id in HnswData.Ids(Rows).Where(id => !ids.Contains(id)).Take(500))
        {
            index.Add([id], all.AsSpan((int)id * 8, 8), TestContext.Current.CancellationToken);
            Assert.Equal(id, index.One(all.AsSpan((int)id * 8, 8), 1)[0].Id);
        }
    }

    [Theory]
    [InlineData("hnsw", "hnsw,m=16,efc=100,ef=64")]
    [InlineData("hnsw, m=8, ef_construction=40, ef=300", "hnsw,m=8,efc=40,ef=300")]
    [InlineData("hnsw,efc=33", "hnsw,m=16,efc=33,ef=64")]
    public void A_description_makes_an_index_that_has_it(string description, string full)
    {
        IMutableVectorIndex index = VectorIndexes.Create(description, 8);
        Assert.Equal(full, index.Description);
        Assert.Equal(full, VectorIndexes.Create(full, 8).Description);
    }

    [Theory]
    [InlineData("hnsw,m=3", "Index 'hnsw,m=3': m is 3; a whole number from 4 to 128 is expected.")]
    [InlineData("hnsw,ef=many", "Index 'hnsw,ef=many': ef is many; a whole number from 1 to 100000 is expected.")]
    [InlineData("hnsw,k=3", "Index 'hnsw,k=3': there is no option 'k'; this kind has m, efc, ef.")]
    [InlineData("hnsw,efc=30,ef_construction=40", "Index 'hnsw,efc=30,ef_construction=40': there is no option 'ef_construction'; this kind has m, efc, ef.")]
    public void A_wrong_description_is_told(string description, string message) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => VectorIndexes.Create(description, 8)).Message);

    private static Gen<(int Dimension, int Count, float[] Rows, float[] Probes, int Top, int Batch)> Case { get; } =
        from dimension in Gen.Int[1, 40]
        from count in Gen.Int[0, 80]
        from rows in Gen.Frequency((1, Gen.Const(0f)), (1, Gen.Const(1f)), (8, Gen.Float[-1f, 1f])).Array[count * dimension]
        from probes in Gen.Frequency((1, Gen.Const(0f)), (8, Gen.Float[-1f, 1f])).Array[5 * dimension]
        from top in Gen.Int[1, 100]
        from batch in Gen.Int[1, 80]
        select (dimension, count, rows, probes, top, batch);

    private static Dictionary<long, float> ExactScores(SearchHit[] hits) => hits.ToDictionary(hit => hit.Id, hit => hit.Score);

    private static void Fill(IMutableVectorIndex index, ReadOnlySpan<long> ids, ReadOnlySpan<float> rows, int dimension, int batch)
    {
        for (int i = 0; i < ids.Length; i += batch)
        {
            int count = Math.Min(batch, ids.Length - i);
            index.Add(ids.Slice(i, count), rows.Slice(i * dimension, count * dimension), TestContext.Current.CancellationToken);
        }
    }
}
