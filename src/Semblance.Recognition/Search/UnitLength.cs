namespace Semblance.Recognition.Search;

/// <summary>Scales vectors to unit length. The norm is taken in double, where no finite float's square over- or underflows.</summary>
internal static class UnitLength
{
    /// <summary>The factor that makes a vector unit length; 0 for a zero vector.</summary>
    public static double Factor(ReadOnlySpan<float> vector)
    {
        double even = 0, odd = 0;
        int i = 0;
        for (; i + 1 < vector.Length; i += 2)
        {
            even += (double)vector[i] * vector[i];
            odd += (double)vector[i + 1] * vector[i + 1];
        }

        if (i < vector.Length)
        {
            even += (double)vector[i] * vector[i];
        }

        double square = even + odd;
        return square > 0 ? 1 / Math.Sqrt(square) : 0;
    }

    /// <summary>Writes a vector scaled to unit length; a zero vector stays zero.</summary>
    public static void Scale(ReadOnlySpan<float> vector, Span<float> unit)
    {
        double factor = Factor(vector);
        for (int c = 0; c < vector.Length; c++)
        {
            unit[c] = (float)(vector[c] * factor);
        }
    }

    /// <summary>Copies of vectors that lie one after the other, each scaled to unit length.</summary>
    public static float[] Scaled(ReadOnlySpan<float> vectors, int dimension)
    {
        float[] units = new float[vectors.Length];
        for (int at = 0; at < vectors.Length; at += dimension)
        {
            Scale(vectors.Slice(at, dimension), units.AsSpan(at, dimension));
        }

        return units;
    }
}
