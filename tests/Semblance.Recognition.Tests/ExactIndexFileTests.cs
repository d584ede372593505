using System.Buffers.Binary;
using CsCheck;
using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests;

public sealed class ExactIndexFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("semblance-index-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_saved_index_is_searched_with_the_same_result() => (
        from storage in Gen.Enum<RowStorage>()
        from dimension in Gen.Int[1, 50]
        from count in Gen.Int[0, 200]
        from batch in Gen.Int[1, 70]
        from removed in Gen.Int[0, 5]
        from seed in Gen.ULong
        select (storage, dimension, count, batch, removed, seed)).Sample(
        c =>
        {
            string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.index");
            ExactIndex index = Build(c.storage, c.dimension, c.count, c.batch, c.seed);
            index = index.Remove([.. Enumerable.Range(0, c.count).Where(i => i % 7 < c.removed).Select(i => (long)i)]);
            ExactIndexFile.Save(index, path);
            ExactIndex opened = ExactIndexFile.Open(path);
            Assert.Equal((index.Count, index.Dimension, index.Description), (opened.Count, opened.Dimension, opened.Description));
            RequireSame(index, opened, c.seed);

            // An opened index goes on as any other, and can be saved over its own file.
            float[] more = Random(40, c.dimension, c.seed + 1);
            long[] ids = [.. Enumerable.Range(1000, 40).Select(i => (long)i)];
            (index, opened) = (index.Add(ids, more).Remove([3, 1001, 1039]), opened.Add(ids, more).Remove([3, 1001, 1039]));
            RequireSame(index, opened, c.seed);
            ExactIndexFile.Save(opened, path);
            RequireSame(index, ExactIndexFile.Open(path, checkAll: true), c.seed);
            RequireSame(index, opened, c.seed);
            File.Delete(path);
        },
        iter: 150);

    [Theory]
    [InlineData(RowStorage.Float32)]
    [InlineData(RowStorage.Float16)]
    [InlineData(RowStorage.Int8)]
    public void Any_changed_byte_is_found_before_it_is_used(RowStorage storage)
    {
        string path = Path.Combine(_folder, "whole.index");
        ExactIndex index = Build(storage, 24, 300, 300, 1);
        ExactIndexFile.Save(index, path);
        byte[] whole = File.ReadAllBytes(path);
        float[] probes = Random(9, 24, 2);
        Gen.Select(Gen.Frequency((1, Gen.Int[0, 64]), (5, Gen.Int[0, whole.Length - 1])), Gen.Byte[1, 255]).Sample(
            (at, change) =>
            {
                byte[] bytes = [.. whole];
                bytes[at] ^= change;
                string damaged = Write(bytes);
                string message = Assert.Throws<SemblanceException>(() => ExactIndexFile.Open(damaged, checkAll: true)).Message;
                RequireLine(damaged, message);

                // Without that check it shows up in the opening or in the first search.
                Assert.Throws<SemblanceException>(() => ExactIndexFile.Open(damaged).SearchBatch(probes, 9, 300));
                File.Delete(damaged);
            },
            iter: 150);
    }

    [Fact]
    public void A_file_cut_short_or_prolonged_is_refused()
    {
        string path = Path.Combine(_folder, "whole.index");
        ExactIndexFile.Save(Build(RowStorage.Int8, 16, 100, 100, 1), path);
        byte[] whole = File.ReadAllBytes(path);
        Gen.Frequency((1, Gen.Int[0, 100]), (4, Gen.Int[0, whole.Length - 1]), (1, Gen.Int[whole.Length + 1, whole.Length + 5000])).Sample(
            length =>
            {
                string damaged = Write([.. whole.Take(length), .. new byte[Math.Max(0, length - whole.Length)]]);
                RequireLine(damaged, Assert.Throws<SemblanceException>(() => ExactIndexFile.Open(damaged)).Message);
                File.Delete(damaged);
            },
            iter: 100);
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        string path = Path.Combine(_folder, "good.index");
        ExactIndexFile.Save(Build(RowStorage.Float32, 8, 10, 10, 1), path);
        byte[] good = File.ReadAllBytes(path);
        Assert.True(ExactIndexFile.IsIndexFile(path));
        Assert.Contains("cannot be read", Message(Path.Combine(_folder, "absent.index")), StringComparison.Ordinal);
        Assert.Contains("is empty", Message(Write([])), StringComparison.Ordinal);
        Assert.Contains("no index file", Message(Write([.. Enumerable.Repeat((byte)7, 9000)])), StringComparison.Ordinal);
        Assert.Contains("within its header", Message(Write(good[..2000])), StringComparison.Ordinal);
        Assert.Contains("cut short", Message(Write(good[..^1])), StringComparison.Ordinal);
        Assert.Contains("too long", Message(Write([.. good, 0])), StringComparison.Ordinal);
        Assert.Contains("version 2, this program reads version 1", Message(Write(Resealed(8, 2))), StringComparison.Ordinal);
        Assert.Contains("in storage 9", Message(Write(Resealed(12, 9))), StringComparison.Ordinal);
        Assert.Contains("0 numbers", Message(Write(Resealed(16, 0))), StringComparison.Ordinal);
        Assert.Contains("cut short", Message(Write(Resealed(24, 1_000_000))), StringComparison.Ordinal);
        Assert.Contains("cannot hold that", Message(Write(Resealed(28, 7))), StringComparison.Ordinal);

        // A header that is whole but lies.
        byte[] Resealed(int at, uint value)
        {
            byte[] bytes = [.. good];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4092), CheckedMapping.Sum(bytes.AsSpan(0, 4092)));
            return bytes;
        }

        static string Message(string file) => Assert.Throws<SemblanceException>(() => ExactIndexFile.Open(file)).Message;
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file()
    {
        string path = Path.Combine(_folder, "old.index");
        ExactIndex old = Build(RowStorage.Float16, 8, 50, 50, 1);
        ExactIndexFile.Save(old, path);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ExactIndexFile.Save(Build(RowStorage.Float16, 8, 60, 60, 2), path, cancelled.Token));
        Assert.Equal([path], Directory.GetFiles(_folder));
        RequireSame(old, ExactIndexFile.Open(path), 1);
    }

    [Fact]
    public void A_mapping_stays_while_a_snapshot_needs_it()
    {
        string path = Path.Combine(_folder, "kept.index");
        ExactIndex index = Build(RowStorage.Float32, 64, 5000, 5000, 1);
        ExactIndexFile.Save(index, path);
        ExactIndex grown = ExactIndexFile.Open(path).Add([9999], Random(1, 64, 2));
        File.Delete(path);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        RequireSame(index.Add([9999], Random(1, 64, 2)), grown, 3);
    }

    private static void RequireSame(ExactIndex expected, ExactIndex actual, ulong seed)
    {
        float[] probes = Random(9, expected.Dimension, seed + 7);
        Assert.Equal(expected.SearchBatch(probes, 9, 20), actual.SearchBatch(probes, 9, 20));
    }

    private static void RequireLine(string path, string message)
    {
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static ExactIndex Build(RowStorage storage, int dimension, int count, int batch, ulong seed)
    {
        ExactIndex index = ExactIndex.Empty(dimension, storage);
        float[] vectors = Random(count, dimension, seed);
        for (int i = 0; i < count; i += batch)
        {
            int length = Math.Min(batch, count - i);
            index = index.Add([.. Enumerable.Range(i, length).Select(r => (long)r)], vectors.AsSpan(i * dimension, length * dimension));
        }

        return index;
    }

    private static float[] Random(int count, int dimension, ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, count * dimension).Select(_ => (float)random.NextGaussian())];
    }

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.index");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
