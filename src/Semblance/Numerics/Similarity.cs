using System.Numerics.Tensors;

namespace Semblance.Numerics;

/// <summary>Similarities and distances of embeddings, by SIMD.</summary>
public static class Similarity
{
    /// <summary>Cosine similarity in [−1, 1]; 0 where either vector is zero.</summary>
    /// <param name="x">The first embedding.</param>
    /// <param name="y">The second embedding, of the same length.</param>
    public static float Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float norms = TensorPrimitives.Norm(x) * TensorPrimitives.Norm(y);
        return norms > 0 ? Math.Clamp(TensorPrimitives.Dot(x, y) / norms, -1f, 1f) : 0f;
    }

    /// <summary>Scales a vector to unit length, in place; a zero vector stays zero.</summary>
    /// <param name="vector">The embedding.</param>
    public static void NormalizeInPlace(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }
    }
}
