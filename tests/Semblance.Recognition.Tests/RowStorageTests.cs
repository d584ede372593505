using CsCheck;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests;

public sealed class RowStorageTests
{
    // Values that make rounding hard: zeros, equal numbers, one number that dwarfs the rest, and magnitudes that no common scale fits.
    private static readonly Gen<float> Value = Gen.Frequency(
        (1, Gen.Const(0f)),
        (6, Gen.Float[-1f, 1f]),
        (2, Gen.OneOf(new[] { 1f, -1f, 0.5f }.Select(v => Gen.Const(v)).ToArray())),
        (1, Gen.OneOf(new[] { 1e3f, -1e3f, 1e-6f, 1e-30f, 3e38f, 1e-42f }.Select(v => Gen.Const(v)).ToArray())));

    private static readonly Gen<(int Dimension, float[][] Rows, float[][] Probes, int Top, SimdChoice Simd)> Case =
        from dimension in Gen.Int[1, 70]
        from distinct in Value.Array[dimension].Array[1, 60]
        from picks in Gen.Int[0, distinct.Length - 1].Array[0, 150]
        from probes in Gen.Frequency((1, Gen.Const(distinct[0])), (4, Value.Array[dimension])).Array[1, 20]
        from top in Gen.Int[1, 60]
        from simd in Gen.Int[0, SimdChoice.Supported.Count - 1].Select(i => SimdChoice.Supported[i])
        select (dimension, picks.Select(p => distinct[p]).ToArray(), probes, top, simd);

    [Fact]
    public void Int8_finds_what_float32_finds_bit_for_bit() => Case.Sample(
        c =>
        {
            float[] probes = Flat(c.Probes);
            SearchHit[][] exact = Build(RowStorage.Float32, SimdChoice.Best, c.Dimension, c.Rows).SearchBatch(probes, c.Probes.Length, c.Top);
            ExactIndex bytes = Build(RowStorage.Int8, c.Simd, c.Dimension, c.Rows);
            Assert.Equal(exact, bytes.SearchBatch(probes, c.Probes.Length, c.Top));
            Assert.Equal(exact[0], bytes.Search(c.Probes[0], c.Top));
        },
        iter: 1000);

    [Fact]
    public void Float16_scores_are_those_of_the_rounded_rows() => Case.Sample(
        c =>
        {
            ExactIndex halves = Build(RowStorage.Float16, c.Simd, c.Dimension, c.Rows);
            SearchHit[][] found = halves.SearchBatch(Flat(c.Probes), c.Probes.Length, c.Rows.Length + 1);
            for (int i = 0; i < c.Probes.Length; i++)
            {
                Assert.Equal(c.Rows.Length, found[i].Length);
                Assert.All(found[i], hit => Assert.Equal(ExactCosine.Of(c.Rows[hit.Id], c.Probes[i]), hit.Score, 5e-4));
                Assert.Equal(found[i], halves.Search(c.Probes[i], c.Rows.Length + 1));
            }
        },
        iter: 300);

    [Theory]
    [InlineData(RowStorage.Float32)]
    [InlineData(RowStorage.Float16)]
    [InlineData(RowStorage.Int8)]
    public void Every_set_of_instructions_finds_the_same_bits(RowStorage storage)
    {
        const int Dimension = 130;
        float[][] rows = Random(5000, Dimension, 1);
        float[] probes = Flat(Random(300, Dimension, 2));
        SearchHit[][]? first = null;
        foreach (SimdChoice simd in SimdChoice.Supported)
        {
            ExactIndex index = Build(storage, simd, Dimension, rows);
            SearchHit[][] found = index.SearchBatch(probes, 300, 10);
            first ??= found;
            Assert.Equal(first, found);
            Assert.Equal(first[299], index.Search(probes.AsSpan(299 * Dimension), 10));
        }
    }

    [Fact]
    public void Kernels_of_bytes_sum_exactly_up_to_the_largest_dimension()
    {
        // All products at their largest: the sum comes within a thousandth of what 32 bits hold.
        const int Dimension = ExactIndex.MaxDimension;
        float[] ones = [.. Enumerable.Repeat(1f, Dimension)];
        float[] signs = [.. Enumerable.Range(0, Dimension).Select(i => i % 2 == 0 ? 1f : -1f)];
        foreach (SimdChoice simd in SimdChoice.Supported)
        {
            ExactIndex index = Build(RowStorage.Int8, simd, Dimension, [ones, [.. ones.Select(v => -v)], signs]);
            Assert.Equal([0, 2, 1], index.Search(ones, 3).Select(hit => hit.Id));
            Assert.Equal([1, 2, 0], index.SearchBatch([.. ones, .. ones.Select(v => -v)], 2, 3)[1].Select(hit => hit.Id));
        }
    }

    [Theory]
    [InlineData(RowStorage.Float16)]
    [InlineData(RowStorage.Int8)]
    public void Many_rows_are_found_on_all_cores(RowStorage storage)
    {
        const int Dimension = 64;
        float[][] rows = Random(70_000, Dimension, 3);
        float[] probes = Flat(Random(9, Dimension, 4));
        SearchHit[][] exact = Build(RowStorage.Float32, SimdChoice.Best, Dimension, rows).SearchBatch(probes, 9, 10);
        ExactIndex index = Build(storage, SimdChoice.Best, Dimension, rows);
        SearchHit[][] found = index.SearchBatch(probes, 9, 10);
        Assert.Equal(found[3], index.Search(probes.AsSpan(3 * Dimension, Dimension), 10));
        if (storage == RowStorage.Int8)
        {
            Assert.Equal(exact, found);
        }
        else
        {
            int common = exact.Zip(found, (a, b) => a.Select(h => h.Id).Intersect(b.Select(h => h.Id)).Count()).Sum();
            Assert.InRange(common, 87, 90);
        }
    }

    [Fact]
    public void Int8_copes_with_a_gallery_of_one_face()
    {
        // Every row is as good as every other: nothing can be ruled out, and the ties go to the lowest ids.
        float[] row = Random(1, 64, 5)[0];
        float[][] rows = [.. Enumerable.Repeat(row, 20_000)];
        ExactIndex index = Build(RowStorage.Int8, SimdChoice.Best, 64, rows);
        Assert.Equal([0, 1, 2], index.Search(row, 3).Select(hit => hit.Id));
        Assert.Equal([0, 1, 2], index.Search([.. row.Select(v => -v)], 3).Select(hit => hit.Id));
    }

    [Theory]
    [InlineData(RowStorage.Float16)]
    [InlineData(RowStorage.Int8)]
    public void Rows_are_removed_and_filtered_whatever_they_are_kept_as(RowStorage storage)
    {
        float[][] rows = Random(3000, 40, 6);
        float[] probes = Flat(Random(20, 40, 7));
        ExactIndex all = Build(storage, SimdChoice.Best, 40, rows);
        SearchHit[][] everything = all.SearchBatch(probes, 20, 3000);
        long[] gone = [.. Enumerable.Range(0, 3000).Where(i => i % 7 < 3).Select(i => (long)i)];
        ExactIndex less = all.Remove(gone.AsSpan(0, 400)).Remove(gone);
        Assert.Equal(3000 - gone.Length, less.Count);
        Assert.InRange(less.MemoryBytes, 1, (all.MemoryBytes * 3) / 4);
        Assert.Equal(
            everything.Select(hits => hits.Where(h => h.Id % 7 >= 3 && h.Id % 2 == 0).Take(10)),
            less.SearchBatch(probes, 20, 10, id => id % 2 == 0));
    }

    [Fact]
    public void Smaller_numbers_take_less_memory()
    {
        float[][] rows = Random(3200, 64, 8);
        Assert.Equal(3200 * ((64 * 4) + 8), Build(RowStorage.Float32, SimdChoice.Best, 64, rows).MemoryBytes);
        Assert.Equal(3200 * ((64 * 2) + 8), Build(RowStorage.Float16, SimdChoice.Best, 64, rows).MemoryBytes);
        Assert.Equal(3200 * ((64 * 5) + 8 + 8), Build(RowStorage.Int8, SimdChoice.Best, 64, rows).MemoryBytes);
    }

    private static ExactIndex Build(RowStorage storage, SimdChoice simd, int dimension, float[][] rows) =>
        ExactIndex.Empty(dimension, storage, simd).Add([.. Enumerable.Range(0, rows.Length).Select(r => (long)r)], Flat(rows));

    private static float[][] Random(int count, int dimension, ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimension).Select(_ => (float)random.NextGaussian()).ToArray())];
    }

    private static float[] Flat(float[][] rows) => [.. rows.SelectMany(r => r)];
}
