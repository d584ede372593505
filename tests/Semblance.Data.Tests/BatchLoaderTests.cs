using Semblance.Data.Sampling;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class BatchLoaderTests
{
    private static readonly PreprocessingContract Contract = new() { Width = 16, Height = 16 };

    private static readonly AugmentationOptions Everything = new()
    {
        RotationProbability = 0.5,
        ColorProbability = 0.5,
        GreyProbability = 0.3,
        BlurProbability = 0.5,
        JpegProbability = 0.5,
        ErasingProbability = 0.5,
    };

    public static TheoryData<int, int> WorkersAndStarts => new() { { 1, 0 }, { 4, 0 }, { 1, 3 }, { 4, 3 } };

    [Theory]
    [MemberData(nameof(WorkersAndStarts))]
    public void ContentDependsOnSeedEpochAndBatchAlone(int workers, int start)
    {
        PreparedFaces faces = Faces(60);
        int[][] batches = new ShuffleSampler(faces.Labels, 6, 1).Epoch(2);
        (float[] Pixels, long[] Labels, int[] Indices)[] expected = Read(new BatchLoader(faces, Contract, Everything, 9, 2), 2, batches, 0);
        (float[] Pixels, long[] Labels, int[] Indices)[] actual = Read(new BatchLoader(faces, Contract, Everything, 9, workers), 2, batches, start);
        Assert.Equal(10 - start, actual.Length);
        foreach (((float[] Pixels, long[] Labels, int[] Indices) want, (float[] Pixels, long[] Labels, int[] Indices) got) in expected.Skip(start).Zip(actual))
        {
            Assert.Equal(want.Pixels, got.Pixels);
            Assert.Equal(want.Labels, got.Labels);
            Assert.Equal(want.Indices, got.Indices);
        }
    }

    [Fact]
    public void OtherSeedsEpochsAndBatchesDrawOtherwise()
    {
        PreparedFaces faces = Faces(6);
        int[] batch = [0, 1, 2, 3, 4, 5];
        float[] first = Read(new BatchLoader(faces, Contract, Everything, 9), 0, [batch, batch], 0)[0].Pixels;
        Assert.NotEqual(first, Read(new BatchLoader(faces, Contract, Everything, 9), 0, [batch, batch], 0)[1].Pixels);
        Assert.NotEqual(first, Read(new BatchLoader(faces, Contract, Everything, 9), 1, [batch, batch], 0)[0].Pixels);
        Assert.NotEqual(first, Read(new BatchLoader(faces, Contract, Everything, 8), 0, [batch, batch], 0)[0].Pixels);
    }

    [Theory]
    [InlineData(ColorOrder.Rgb, 16)]
    [InlineData(ColorOrder.Bgr, 16)]
    [InlineData(ColorOrder.Rgb, 23)]
    public void WithoutAugmentationABatchIsExactlyWhatThePreprocessorWrites(ColorOrder order, int size)
    {
        PreprocessingContract contract = Contract with { ColorOrder = order, Mean = 120, Std = 63.5f };
        PreparedFaces faces = PreparedFaces.FromPixels([TestImages.Noise(size, size, 3, 1), TestImages.Noise(size, size, 1, 2)], [0, 1], ["a", "b"], contract);
        (float[] pixels, long[] labels, int[] indices) = Assert.Single(Read(new BatchLoader(faces, contract, AugmentationOptions.None, 1), 0, [[1, 0]], 0));
        float[] expected = new float[2 * contract.InputLength];
        FacePreprocessor.Write(faces.Pixels(1), contract, expected.AsSpan(0, contract.InputLength));
        FacePreprocessor.Write(faces.Pixels(0), contract, expected.AsSpan(contract.InputLength));
        Assert.Equal(expected, pixels);
        Assert.Equal([1, 0], labels);
        Assert.Equal([1, 0], indices);
    }

    [Fact]
    public void BuffersAreUsedAgainAfterDispose()
    {
        PreparedFaces faces = Faces(10);
        var loader = new BatchLoader(faces, Contract, AugmentationOptions.None, 1, 1);
        int[][] batches = [.. Enumerable.Repeat(new[] { 0, 1, 2 }, 200)];
        var arrays = new HashSet<float[]>(ReferenceEqualityComparer.Instance as IEqualityComparer<float[]>);
        foreach (FaceBatch batch in loader.Read(0, batches))
        {
            arrays.Add(batch.Pixels);
            batch.Dispose();
            batch.Dispose();
        }

        Assert.InRange(arrays.Count, 1, 6);
    }

    [Fact]
    public void BatchesStillHeldKeepTheirContent()
    {
        PreparedFaces faces = Faces(10);
        var loader = new BatchLoader(faces, Contract, AugmentationOptions.None, 1);
        List<FaceBatch> held = [.. loader.Read(0, [.. Enumerable.Range(0, 10).Select(i => new[] { i })])];
        float[] expected = new float[Contract.InputLength];
        foreach ((int i, FaceBatch batch) in held.Index())
        {
            FacePreprocessor.Write(faces.Pixels(i), Contract, expected);
            Assert.Equal(expected, batch.Pixels);
        }
    }

    [Fact]
    public void AnImageLostOnTheWayReachesTheReader()
    {
        using var folder = new TestFolder();
        for (int i = 0; i < 4; i++)
        {
            folder.Write($"p{i}/a.png", TestImages.Png(seed: (ulong)i));
        }

        using FaceDataset dataset = FaceDataset.Open(folder.Root);
        PreparedFaces faces = PreparedFaces.Prepare(dataset, Contract, 0);
        File.Delete(folder.Path("p2/a.png"));
        var seen = new List<int>();
        var e = Assert.Throws<UnreadableImageException>(() =>
        {
            foreach (FaceBatch batch in new BatchLoader(faces, Contract, Everything, 1).Read(0, [[0], [1], [2], [3]]))
            {
                seen.Add(batch.Indices[0]);
                batch.Dispose();
            }
        });
        Assert.Equal("p2/a.png", e.Path);
        Assert.Equal([0, 1], seen);
    }

    [Fact]
    public void FaultyArgumentsAreRefused()
    {
        PreparedFaces faces = Faces(2);
        Assert.Throws<UsageException>(() => new BatchLoader(faces, Contract, AugmentationOptions.None, 1, 0));
        Assert.Throws<UsageException>(() => new BatchLoader(faces, Contract, new AugmentationOptions { FlipProbability = 2 }, 1));
        Assert.Throws<ArgumentException>(() => new BatchLoader(faces, Contract with { Width = 32 }, AugmentationOptions.None, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(faces, Contract, AugmentationOptions.None, 1).Read(0, [[0]], 2));
    }

    private static PreparedFaces Faces(int count) => PreparedFaces.FromPixels(
        [.. Enumerable.Range(0, count).Select(i => TestImages.Noise(18, 20, i % 2 == 0 ? 3 : 1, (ulong)i))],
        [.. Enumerable.Range(0, count)],
        [.. Enumerable.Range(0, count).Select(i => $"p{i:00}")],
        Contract);

    private static (float[] Pixels, long[] Labels, int[] Indices)[] Read(BatchLoader loader, int epoch, int[][] batches, int first)
    {
        var read = new List<(float[], long[], int[])>();
        foreach (FaceBatch batch in loader.Read(epoch, batches, first))
        {
            read.Add(([.. batch.Pixels], batch.Labels, batch.Indices));
            batch.Dispose();
        }

        return [.. read];
    }
}
