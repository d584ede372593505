using Pgvector;

namespace Semblance.Galleries.Postgres;

/// <summary>Embeddings at unit length for pgvector, and exact cosines. Norms are taken in double, where no finite float's square over- or underflows.</summary>
internal static class UnitVector
{
    /// <summary>The embedding at unit length; zero stays zero.</summary>
    public static Vector Of(ReadOnlySpan<float> embedding)
    {
        double norm = Math.Sqrt(Dot(embedding, embedding));
        float[] unit = new float[embedding.Length];
        for (int i = 0; norm > 0 && i < unit.Length; i++)
        {
            unit[i] = (float)(embedding[i] / norm);
        }

        return new Vector(unit);
    }

    /// <summary>The cosine of two embeddings of any length; 0 where one is zero.</summary>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double norms = Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b));
        return norms > 0 ? (float)Math.Clamp(Dot(a, b) / norms, -1, 1) : 0;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        // Two sums, so that one addition need not wait for the other.
        double even = 0, odd = 0;
        int i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += (double)a[i] * b[i];
            odd += (double)a[i + 1] * b[i + 1];
        }

        return i < a.Length ? even + odd + ((double)a[i] * b[i]) : even + odd;
    }
}
