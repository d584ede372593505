using System.Runtime.InteropServices;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Numerics;

namespace Semblance.Recognition.Tests;

/// <summary>Writes a real ONNX face model: Flatten, then one matrix product (3·H·W × embedding size) with random weights.</summary>
internal sealed class TinyModel
{
    public const int Side = 8;
    public const int EmbeddingSize = 16;

    public TinyModel(ulong seed = 1)
    {
        Weights = new float[3 * Side * Side * EmbeddingSize];
        var random = new CountedRandom(seed);
        for (int i = 0; i < Weights.Length; i++)
        {
            Weights[i] = (float)random.NextGaussian();
        }

        Card = new ModelCard
        {
            Preprocessing = new PreprocessingContract { Width = Side, Height = Side },
            EmbeddingSize = EmbeddingSize,
            Backbone = "tiny",
            Loss = "arcface",
            ModelFingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MemoryMarshal.AsBytes(Weights.AsSpan()))),
        };
    }

    public float[] Weights { get; }

    public ModelCard Card { get; init; }

    /// <summary>The batch that the graph declares; null for any.</summary>
    public int? Batch { get; init; }

    public bool WithMetadata { get; init; } = true;

    public static TinyModel WithThresholds(Dictionary<string, double> thresholds)
    {
        var model = new TinyModel();
        return new TinyModel { Card = model.Card with { Thresholds = thresholds } };
    }

    public float[] Expect(ReadOnlySpan<float> pixels)
    {
        float[] result = new float[EmbeddingSize];
        for (int e = 0; e < EmbeddingSize; e++)
        {
            double sum = 0;
            for (int i = 0; i < pixels.Length; i++)
            {
                sum += (double)pixels[i] * Weights[(i * EmbeddingSize) + e];
            }

            result[e] = (float)sum;
        }

        return result;
    }

    public string Write(TemporaryFolder folder, string name = "model.onnx")
    {
        string path = folder.File(name);
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    public byte[] ToBytes()
    {
        var model = new ProtoWriter()
            .Varint(1, 8)
            .Message(8, opset => opset.Text(1, "").Varint(2, 17))
            .Message(7, WriteGraph);
        if (WithMetadata)
        {
            foreach ((string key, string value) in Card.ToMetadata())
            {
                model.Message(14, entry => entry.Text(1, key).Text(2, value));
            }
        }

        return model.ToArray();
    }

    private void WriteGraph(ProtoWriter graph)
    {
        graph.Message(1, node => node.Text(1, "input").Text(2, "flat").Text(4, "Flatten"))
            .Message(1, node => node.Text(1, "flat").Text(1, "weights").Text(2, "embedding").Text(4, "MatMul"))
            .Text(2, "tiny")
            .Message(5, tensor => tensor.Varint(1, 3 * Side * Side).Varint(1, EmbeddingSize).Varint(2, 1).Text(8, "weights")
                .Bytes(9, MemoryMarshal.AsBytes(Weights.AsSpan()).ToArray()))
            .Message(11, info => WriteInfo(info, "input", 3, Side, Side))
            .Message(12, info => WriteInfo(info, "embedding", EmbeddingSize));
    }

    private void WriteInfo(ProtoWriter info, string name, params int[] dimensions) => info
        .Text(1, name)
        .Message(2, type => type.Message(1, tensor => tensor.Varint(1, 1).Message(2, shape =>
        {
            shape.Message(1, batch => _ = Batch is { } fixedBatch ? batch.Varint(1, fixedBatch) : batch.Text(2, "batch"));
            foreach (int dimension in dimensions)
            {
                shape.Message(1, d => d.Varint(1, dimension));
            }
        })));
}
