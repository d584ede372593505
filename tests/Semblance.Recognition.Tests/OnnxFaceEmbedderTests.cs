using Semblance.Models;
using Semblance.Numerics;
using Semblance.Recognition.Models;

namespace Semblance.Recognition.Tests;

public sealed class OnnxFaceEmbedderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Embeds_batches_of_any_size(int count)
    {
        var model = new TinyModel();
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder), threads: 1);
        RequireEmbeddings(model, embedder, count);
    }

    [Fact]
    public void Embeds_one_by_one_where_the_file_fixes_the_batch_at_1()
    {
        var model = new TinyModel { Batch = 1 };
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder));
        RequireEmbeddings(model, embedder, 3);
    }

    [Fact]
    public void Gives_the_card_back()
    {
        var model = TinyModel.WithThresholds(new() { ["eer"] = 0.25 });
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder));
        Assert.Equal(model.Card.ToMetadata(), embedder.Card.ToMetadata());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Shares_a_batch_out_over_threads(int threads)
    {
        var model = new TinyModel();
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder), threads);
        RequireEmbeddings(model, embedder, (8 * threads) + 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Serves_many_threads_beside_each_other(int threads)
    {
        var model = new TinyModel();
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder), threads);
        Parallel.For(0, 64, i => RequireEmbeddings(model, embedder, 1 + (i % 5), seed: (ulong)i));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = _folder.File("none.onnx");
        Assert.StartsWith($"{path}: no such file", FailureOf(path));
    }

    [Fact]
    public void A_folder_is_no_model() => Assert.Contains("is a folder", FailureOf(_folder.Path));

    [Theory]
    [InlineData("this is text, not a model")]
    [InlineData("")]
    [InlineData("<html>404</html>")]
    public void A_file_that_is_no_onnx_is_refused(string content)
    {
        string path = _folder.File("model.onnx");
        File.WriteAllText(path, content);
        Assert.StartsWith($"{path}: is no ONNX file", FailureOf(path));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = new TinyModel().ToBytes();
        string path = _folder.File("cut.onnx");
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(path, whole[..length]);
            string message = FailureOf(path);
            Assert.StartsWith(path, message);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void An_onnx_file_without_metadata_is_no_face_model()
    {
        string path = new TinyModel { WithMetadata = false }.Write(_folder);
        Assert.Contains("is no face model of Semblance", FailureOf(path));
    }

    [Fact]
    public void A_graph_that_no_runtime_can_load_is_refused()
    {
        var model = new TinyModel();
        byte[] bytes = model.ToBytes();
        int at = bytes.AsSpan().IndexOf("MatMul"u8);
        "NoSuch"u8.CopyTo(bytes.AsSpan(at));
        string path = _folder.File("bad.onnx");
        File.WriteAllBytes(path, bytes);
        string message = FailureOf(path);
        Assert.Contains("ONNX Runtime cannot load it", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void An_input_that_contradicts_the_card_is_refused()
    {
        ModelCard card = new TinyModel().Card;
        string path = new TinyModel { Card = card with { Preprocessing = card.Preprocessing with { Height = 9 } } }.Write(_folder);
        Assert.Contains("its input is float batch×3×8×8, its metadata promises float batch×3×9×8", FailureOf(path));
    }

    [Fact]
    public void An_output_that_contradicts_the_card_is_refused()
    {
        var model = new TinyModel();
        string path = new TinyModel { Card = model.Card with { EmbeddingSize = 32 } }.Write(_folder);
        Assert.Contains("its output is float batch×16, its metadata promises float batch×32", FailureOf(path));
    }

    [Fact]
    public void Negative_threads_are_a_usage_error() =>
        Assert.Throws<UsageException>(() => OnnxFaceEmbedder.Open(new TinyModel().Write(_folder), -1));

    [Fact]
    public void A_disposed_embedder_says_so()
    {
        var embedder = OnnxFaceEmbedder.Open(new TinyModel().Write(_folder));
        embedder.Dispose();
        embedder.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => embedder.Embed(new float[embedder.Card.Preprocessing.InputLength], 1, new float[TinyModel.EmbeddingSize]));
    }

    [Fact]
    public void Buffers_of_another_length_are_refused()
    {
        using var embedder = OnnxFaceEmbedder.Open(new TinyModel().Write(_folder));
        Assert.Throws<ArgumentException>(() => embedder.Embed(new float[5], 1, new float[TinyModel.EmbeddingSize]));
    }

    private static string FailureOf(string path) => Assert.Throws<SemblanceException>(() => OnnxFaceEmbedder.Open(path)).Message;

    private static void RequireEmbeddings(TinyModel model, OnnxFaceEmbedder embedder, int count, ulong seed = 3)
    {
        int length = model.Card.Preprocessing.InputLength;
        float[] pixels = new float[count * length];
        var random = new CountedRandom(seed);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble(-1, 1);
        }

        float[] embeddings = new float[count * TinyModel.EmbeddingSize];
        embedder.Embed(pixels, count, embeddings);
        for (int i = 0; i < count; i++)
        {
            float[] expected = model.Expect(pixels.AsSpan(i * length, length));
            for (int e = 0; e < expected.Length; e++)
            {
                Assert.Equal(expected[e], embeddings[(i * TinyModel.EmbeddingSize) + e], 1e-4f);
            }
        }
    }
}
