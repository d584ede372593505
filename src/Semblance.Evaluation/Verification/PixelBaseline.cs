using System.Numerics.Tensors;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Evaluation.Verification;

/// <summary>
/// A "model" that learned nothing: the grey pixels themselves with their mean taken off, so that the cosine of two embeddings is the
/// normalised cross-correlation of the photos. Run through the same evaluator, it shows how much of a result the pixels alone give away.
/// </summary>
public sealed class PixelBaseline : IFaceEmbedder
{
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    /// <summary>Creates the baseline.</summary>
    /// <param name="width">Width that images are shrunk to, at least 1: give the model's input width for a fair comparison.</param>
    /// <param name="height">Height that images are shrunk to, at least 1.</param>
    public PixelBaseline(int width = 112, int height = 112)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Card = new ModelCard
        {
            Preprocessing = new PreprocessingContract { Width = width, Height = height },
            EmbeddingSize = width * height,
            Backbone = "pixels",
            Loss = "none",
            ModelFingerprint = $"pixels-{width}x{height}",
        };
    }

    /// <inheritdoc/>
    public ModelCard Card { get; }

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
    {
        int plane = Card.EmbeddingSize;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> image = pixels.Slice(i * 3 * plane, 3 * plane);
            Span<float> grey = embeddings.Slice(i * plane, plane);
            TensorPrimitives.Multiply(image[..plane], Red, grey);
            TensorPrimitives.MultiplyAdd(image.Slice(plane, plane), Green, grey, grey);
            TensorPrimitives.MultiplyAdd(image[(2 * plane)..], Blue, grey, grey);
            TensorPrimitives.Subtract(grey, TensorPrimitives.Sum<float>(grey) / plane, grey);
        }
    }

    /// <summary>Holds nothing to release.</summary>
    public void Dispose()
    {
    }
}
