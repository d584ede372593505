using Semblance.Data.Tests.Support;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Data.Tests;

public sealed class EmbeddingExtractorTests
{
    private static readonly PixelBuffer[] Images = [.. Enumerable.Range(0, 10).Select(i => TestImages.Noise(6, 5, 3, (ulong)i))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void RowsAreNormalisedAndInOrderWhateverTheBatch(int batch)
    {
        using var embedder = new FirstPixels();
        float[][] rows = EmbeddingExtractor.Embed(Images, embedder, flip: false, batch);
        Assert.Equal(10, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            AssertDirection(Expected(Images[i], flip: false), rows[i]);
        }

        Assert.True(embedder.LargestBatch <= batch);
    }

    [Fact]
    public void FlippingAddsTheMirroredImageBeforeNormalising()
    {
        using var embedder = new FirstPixels();
        float[][] rows = EmbeddingExtractor.Embed(Images, embedder, flip: true, 4);
        for (int i = 0; i < rows.Length; i++)
        {
            AssertDirection(Expected(Images[i], flip: true), rows[i]);
        }
    }

    [Fact]
    public void UnreadableImagesAreReportedOrEndTheWork()
    {
        using var folder = new TestFolder();
        folder.Write("a/0.png", TestImages.Png(6, 5, 3, 0));
        folder.Write("a/1.png", "text");
        folder.Write("b/2.png", TestImages.Png(6, 5, 3, 2));
        using FaceDataset dataset = FaceDataset.Open(folder.Root);
        using var embedder = new FirstPixels();
        EmbeddedFaces faces = EmbeddingExtractor.EmbedReadable(dataset, [2, 1, 0], embedder, flip: false, 2);
        Assert.Equal("a/1.png", Assert.Single(faces.Unreadable).Path);
        Assert.Null(faces.Rows[1]);
        AssertDirection(Expected(Images[2], flip: false), faces.Rows[0]!);
        AssertDirection(Expected(Images[0], flip: false), faces.Rows[2]!);
        Assert.Throws<UnreadableImageException>(() => EmbeddingExtractor.Embed(dataset, [0, 1, 2], embedder, flip: false));

        EmbeddedFaces files = EmbeddingExtractor.EmbedReadable([folder.Path("b/2.png"), folder.Path("none.png")], embedder, flip: false);
        AssertDirection(faces.Rows[0]!, files.Rows[0]!);
        Assert.Equal("there is no such file", Assert.Single(files.Unreadable).Reason);
    }

    [Fact]
    public void ProgressCountsImages()
    {
        using var embedder = new FirstPixels();
        var progress = new RecordedProgress();
        EmbeddingExtractor.Embed(Images, embedder, flip: false, 4, progress);
        Assert.Equal((10, 10, "images"), (progress.Last.Done, progress.Last.Total, progress.Last.Unit));
    }

    [Fact]
    public void NoImagesGiveNoRows()
    {
        using var embedder = new FirstPixels();
        Assert.Empty(EmbeddingExtractor.Embed([], embedder, flip: true));
    }

    private static float[] Expected(PixelBuffer image, bool flip)
    {
        float[] input = new float[90];
        FacePreprocessor.Write(image, FirstPixels.Contract, input);
        return flip ? [input[0] + input[5], input[1] + input[4], input[6] + input[11]] : [input[0], input[1], input[6]];
    }

    private static void AssertDirection(float[] expected, float[] actual)
    {
        Assert.Equal(1, actual.Sum(v => v * v), 1e-4f);
        Assert.Equal(1, Numerics.Similarity.Cosine(expected, actual), 1e-5f);
    }

    /// <summary>A model whose embedding is three of the input's values, so that what it should be is known.</summary>
    private sealed class FirstPixels : IFaceEmbedder
    {
        public static readonly PreprocessingContract Contract = new() { Width = 6, Height = 5 };

        public ModelCard Card { get; } = new() { EmbeddingSize = 3, Backbone = "none", Loss = "none", ModelFingerprint = "", Preprocessing = Contract };

        public int LargestBatch { get; private set; }

        public void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
        {
            Assert.Equal((count * 90, count * 3), (pixels.Length, embeddings.Length));
            LargestBatch = Math.Max(LargestBatch, count);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> image = pixels.Slice(i * 90, 90);
                (embeddings[i * 3], embeddings[(i * 3) + 1], embeddings[(i * 3) + 2]) = (image[0], image[1], image[6]);
            }
        }

        public void Dispose()
        {
        }
    }
}
