using Semblance.Imaging;

namespace Semblance.Models;

/// <summary>A model that maps prepared face crops to embeddings, whatever runs it (libtorch, ONNX Runtime).</summary>
public interface IFaceEmbedder : IDisposable
{
    /// <summary>What the model is and how its input is prepared.</summary>
    ModelCard Card { get; }

    /// <summary>Embeds a batch. Embeddings are not normalised. Safe to call from one thread at a time.</summary>
    /// <param name="pixels">count × 3 × height × width floats, prepared by <see cref="FacePreprocessor"/>.</param>
    /// <param name="count">Number of images in the batch, at least 1.</param>
    /// <param name="embeddings">count × embedding size floats, overwritten.</param>
    void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings);
}
