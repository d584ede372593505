using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Semblance.Galleries.Redis;

/// <summary>Embeddings scaled to unit length before a server sees them: servers take norms in float32, which overflow where a double does not.</summary>
internal static class UnitVector
{
    public static float[] Of(ReadOnlySpan<float> vector)
    {
        double square = 0;
        foreach (float value in vector)
        {
            square += (double)value * value;
        }

        double factor = square > 0 ? 1 / Math.Sqrt(square) : 0;
        float[] unit = new float[vector.Length];
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = (float)(vector[i] * factor);
        }

        return unit;
    }

    public static float Cosine(ReadOnlySpan<float> unit, ReadOnlySpan<float> other) => Math.Clamp(TensorPrimitives.Dot(unit, other), -1, 1);

    /// <summary>The bytes that vector sets take: float32, little-endian.</summary>
    public static byte[] ToBytes(float[] unit)
    {
        byte[] bytes = MemoryMarshal.AsBytes<float>(unit).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < bytes.Length; i += sizeof(float))
            {
                bytes.AsSpan(i, sizeof(float)).Reverse();
            }
        }

        return bytes;
    }
}
