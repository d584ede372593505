using CsCheck;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests;

public sealed class ExactIndexTests
{
    private static readonly Gen<float> Value = Gen.Frequency((1, Gen.Const(0f)), (6, Gen.Float[-1f, 1f]));

    private static readonly Gen<(int Dimension, float[][] Rows, float[][] Probes, int Top, bool Wide)> Case =
        from dimension in Gen.Int[1, 40]
        from rows in Gen.Frequency((1, Gen.Const(new float[dimension])), (8, Value.Array[dimension])).Array[0, 150]
        from probes in Value.Array[dimension].Array[1, 20]
        from top in Gen.Int[1, 200]
        from wide in Gen.Bool
        select (dimension, rows, probes, top, wide);

    [Fact]
    public void Finds_what_brute_force_in_double_finds() => Case.Sample(
        c =>
        {
            ExactIndex index = Build(c.Dimension, c.Rows, c.Wide, batch: 37);
            SearchHit[][] found = index.SearchBatch(Flat(c.Probes), c.Probes.Length, c.Top);
            for (int i = 0; i < c.Probes.Length; i++)
            {
                RequireBest(c.Rows, c.Probes[i], c.Top, found[i]);
                Assert.Equal(found[i], index.Search(c.Probes[i], c.Top));
            }
        },
        iter: 400);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 9)]
    [InlineData(false, 1)]
    [InlineData(false, 9)]
    public void Finds_the_same_on_all_cores(bool wide, int probes)
    {
        const int Dimension = 64;
        float[][] rows = Random(70_000, Dimension, 1);
        float[][] queries = Random(probes, Dimension, 2);
        SearchHit[][] found = Build(Dimension, rows, wide, batch: 30_000).SearchBatch(Flat(queries), probes, 10);
        for (int i = 0; i < probes; i++)
        {
            RequireBest(rows, queries[i], 10, found[i]);
        }
    }

    [Fact]
    public void Scores_do_not_depend_on_register_width_or_company()
    {
        float[][] rows = Random(500, 128, 3);
        float[][] probes = Random(300, 128, 4);
        SearchHit[][] wide = Build(128, rows, true, 500).SearchBatch(Flat(probes), 300, 5);
        SearchHit[][] narrow = Build(128, rows, false, 13).SearchBatch(Flat(probes), 300, 5);
        Assert.Equal(wide, narrow);
        Assert.Equal(wide[299], Build(128, rows, true, 500).Search(probes[299], 5));
    }

    [Fact]
    public void Equal_scores_come_in_order_of_ids()
    {
        float[] row = [0.6f, 0.8f];
        ExactIndex index = ExactIndex.Empty(2).Add([9, 4, 7, 1], [.. row, .. row, .. row, .. row]);
        Assert.Equal([1, 4, 7], index.Search(row, 3).Select(h => h.Id));
    }

    [Fact]
    public void Ties_keep_the_lowest_ids_over_thousands_of_duplicates()
    {
        const int Rows = 20_000;
        long[] ids = [.. Enumerable.Range(0, Rows).Select(i => (long)(Rows - i))];
        float[] vectors = [.. Enumerable.Repeat(new[] { 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f, 15f, 16f }, Rows).SelectMany(v => v)];
        ExactIndex index = ExactIndex.Empty(16).Add(ids, vectors);
        SearchHit[] hits = index.SearchBatch(vectors.AsSpan(0, 16 * 16), 16, 4)[15];
        Assert.Equal([1, 2, 3, 4], hits.Select(h => h.Id));
        Assert.All(hits, h => Assert.Equal(1f, h.Score, 1e-6f));
    }

    [Fact]
    public void A_zero_vector_has_cosine_0_to_everything()
    {
        ExactIndex index = ExactIndex.Empty(3).Add([1, 2], [0, 0, 0, -1, 0, 0]);
        Assert.Equal([new SearchHit(1, 0), new SearchHit(2, -1)], index.Search([1, 0, 0], 5));
        Assert.Equal([new SearchHit(1, 0), new SearchHit(2, 0)], index.Search([0, 0, 0], 5));
    }

    [Fact]
    public void An_empty_index_finds_nothing() => Assert.Empty(ExactIndex.Empty(4).Search([1, 0, 0, 0], 3));

    [Fact]
    public void A_snapshot_does_not_see_what_was_added_later()
    {
        ExactIndex one = ExactIndex.Empty(2).Add([1], [1, 0]);
        ExactIndex left = one.Add([2], [0, 1]);
        ExactIndex right = one.Add([3], [0, -1]);
        Assert.Equal([1], Ids(one));
        Assert.Equal([1, 2], Ids(left));
        Assert.Equal([1, 3], Ids(right));

        static IEnumerable<long> Ids(ExactIndex index) => index.Search([1, 0], 9).Select(h => h.Id).Order();
    }

    [Fact]
    public async Task Searches_while_others_add()
    {
        const int Dimension = 16;
        float[][] rows = Random(4000, Dimension, 5);
        ExactIndex current = ExactIndex.Empty(Dimension);
        var writer = Task.Run(() =>
        {
            for (int i = 0; i < rows.Length; i += 8)
            {
                Volatile.Write(ref current, current.Add([.. Enumerable.Range(i, 8).Select(r => (long)r)], Flat(rows[i..(i + 8)])));
            }
        });
        while (!writer.IsCompleted)
        {
            ExactIndex seen = Volatile.Read(ref current);
            RequireBest(rows[..seen.Count], rows[0], 5, seen.Search(rows[0], 5));
        }

        await writer;
        RequireBest(rows, rows[1], 5, current.Search(rows[1], 5));
    }

    [Fact]
    public void Removing_leaves_what_was_never_added() => (
        from c in Case
        from chances in Gen.Int[0, 3].Array[c.Rows.Length]
        from steps in Gen.Int[1, 4]
        select (c, chances, steps)).Sample(
        t =>
        {
            ExactIndex index = Build(t.c.Dimension, t.c.Rows, t.c.Wide, batch: 23);
            SearchHit[][] before = index.SearchBatch(Flat(t.c.Probes), t.c.Probes.Length, t.c.Top);
            ExactIndex less = index;
            for (int step = 0; step < t.steps; step++)
            {
                less = less.Remove([.. Ids(t.chances, chance => chance == step), 100_000]);
            }

            ExactIndex never = ExactIndex.Empty(t.c.Dimension, RowStorage.Float32, SimdChoice.Best with { Wide = t.c.Wide });
            foreach (long id in Ids(t.chances, chance => chance >= t.steps))
            {
                never = never.Add([id], t.c.Rows[id]);
            }

            Assert.Equal(never.Count, less.Count);
            Assert.Equal(Search(never), Search(less));
            Assert.Equal(before, Search(index));

            // What was removed can come back under the same id.
            foreach (long id in Ids(t.chances, chance => chance < t.steps))
            {
                less = less.Add([id], t.c.Rows[id]);
            }

            Assert.Equal(before, Search(less));

            SearchHit[][] Search(ExactIndex searched) => searched.SearchBatch(Flat(t.c.Probes), t.c.Probes.Length, t.c.Top);
            static long[] Ids(int[] chances, Func<int, bool> chosen) =>
                [.. chances.Select((chance, row) => (chance, row)).Where(x => chosen(x.chance)).Select(x => (long)x.row)];
        },
        iter: 200);

    [Fact]
    public void A_filter_leaves_what_it_accepts() => Case.Sample(
        c =>
        {
            ExactIndex index = Build(c.Dimension, c.Rows, c.Wide, batch: 37);
            SearchHit[][] all = index.SearchBatch(Flat(c.Probes), c.Probes.Length, Math.Max(1, c.Rows.Length));
            SearchHit[][] some = index.SearchBatch(Flat(c.Probes), c.Probes.Length, c.Top, id => id % 3 == 1);
            Assert.Equal(all.Select(hits => hits.Where(h => h.Id % 3 == 1).Take(c.Top)), some);
        },
        iter: 200);

    [Fact]
    public void Memory_comes_back_when_much_is_removed()
    {
        float[][] rows = Random(4000, 32, 7);
        ExactIndex index = Build(32, rows, true, 4000);
        ExactIndex less = index;
        for (int i = 0; i < 3900; i += 100)
        {
            less = less.Remove([.. Enumerable.Range(i, 100).Select(r => (long)r)]);
        }

        Assert.Equal(100, less.Count);
        Assert.InRange(less.MemoryBytes, 100 * 33 * 4, index.MemoryBytes / 10);
        Assert.Same(less, less.Remove([5, 17]));
        Assert.Equal(0, less.Remove([.. Enumerable.Range(3900, 100).Select(r => (long)r)]).MemoryBytes);
    }

    [Theory]
    [InlineData("flat", 2e-6)]
    [InlineData("flat-f16", 5e-4)]
    [InlineData("flat-int8", 2e-6)]
    public async Task A_changing_index_is_searched_without_waiting(string kind, double tolerance)
    {
        const int Dimension = 16;
        float[][] rows = Random(2000, Dimension, 8);
        IMutableVectorIndex index = VectorIndexes.Create(kind, Dimension);
        index.Add([.. Enumerable.Range(0, 1000).Select(r => (long)r)], Flat(rows[..1000]));
        var writer = Task.Run(() =>
        {
            for (int i = 1000; i < 2000; i++)
            {
                index.Add([i], rows[i]);
                Assert.Equal(1, index.Remove([i - 1000]));
            }
        });
        while (!writer.IsCompleted)
        {
            // Whichever moment a search sees, its rows are one run of ids: all that were there, none twice, none half written.
            SearchHit[] hits = index.SearchBatch(rows[0], 1, 2000)[0];
            long[] ids = [.. hits.Select(h => h.Id).Order()];
            Assert.InRange(ids.Length, 1000, 1001);
            Assert.Equal(Enumerable.Range((int)ids[0], ids.Length).Select(id => (long)id), ids);
            Assert.All(hits, h => Assert.Equal(ExactCosine.Of(rows[h.Id], rows[0]), h.Score, tolerance));
        }

        await writer;
        Assert.Equal(1000, index.Count);
    }

    [Theory]
    [InlineData("flut", "'flut' is no kind of index; there are flat, flat-f16, flat-int8, hnsw.")]
    [InlineData("flat,m=3", "Index 'flat,m=3': there is no option 'm'; this kind has no options.")]
    [InlineData("flat,m", "Index 'flat,m': 'm' is no option")]
    public void A_wrong_description_is_told(string description, string message) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => VectorIndexes.Create(description, 8)).Message);

    [Fact]
    public void A_vector_that_is_no_number_is_refused()
    {
        ExactIndex index = ExactIndex.Empty(2);
        Assert.Throws<ArgumentException>(() => index.Add([1], [float.NaN, 0]));
        Assert.Throws<ArgumentException>(() => index.Search([float.PositiveInfinity, 0], 1));
        Assert.Throws<ArgumentException>(() => index.Add([1], [1, 0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], 0));
    }

    [Fact]
    public void A_cancelled_search_ends()
    {
        ExactIndex index = Build(64, Random(70_000, 64, 6), true, 70_000);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => index.Search(new float[64], 1, source.Token));
    }

    private static ExactIndex Build(int dimension, float[][] rows, bool wide, int batch)
    {
        ExactIndex index = ExactIndex.Empty(dimension, RowStorage.Float32, SimdChoice.Best with { Wide = wide });
        for (int i = 0; i < rows.Length; i += batch)
        {
            int to = Math.Min(rows.Length, i + batch);
            index = index.Add([.. Enumerable.Range(i, to - i).Select(r => (long)r)], Flat(rows[i..to]));
        }

        Assert.Equal(rows.Length, index.Count);
        return index;
    }

    // Positions may differ from double's where scores are nearer than float32 can tell: so each score must be right, no row may come twice,
    // the order must hold, and nothing left out may be better than what was returned.
    private static void RequireBest(float[][] rows, float[] probe, int top, SearchHit[] hits)
    {
        double[] exact = [.. rows.Select(row => ExactCosine.Of(row, probe))];
        Assert.Equal(Math.Min(top, rows.Length), hits.Length);
        Assert.Equal(hits.Length, hits.Select(h => h.Id).Distinct().Count());
        for (int i = 0; i < hits.Length; i++)
        {
            Assert.Equal(exact[hits[i].Id], hits[i].Score, 2e-6);
            if (i > 0)
            {
                Assert.True(hits[i - 1].Score > hits[i].Score || (hits[i - 1].Score == hits[i].Score && hits[i - 1].Id < hits[i].Id));
            }
        }

        if (hits.Length < rows.Length && hits.Length > 0)
        {
            var chosen = hits.Select(h => h.Id).ToHashSet();
            double bestLeftOut = exact.Where((_, row) => !chosen.Contains(row)).Max();
            Assert.True(bestLeftOut <= hits[^1].Score + 4e-6);
        }
    }

    private static float[][] Random(int count, int dimension, ulong seed)
    {
        var random = new CountedRandom(seed);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new float[dimension];
            for (int c = 0; c < dimension; c++)
            {
                rows[i][c] = (float)random.NextGaussian();
            }
        }

        return rows;
    }

    private static float[] Flat(float[][] rows) => [.. rows.SelectMany(r => r)];
}
