using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Frames;

/// <summary>Shrinks a photo by a whole factor, each pixel the mean of a block: one pass over a large photo, before it is looked at many times.</summary>
internal static class BoxReduction
{
    /// <summary>The largest factor: sums of a column of a block fit in 16 bits.</summary>
    public const int MaxFactor = 256;

    /// <summary>Shrinks; the last column and row are means of what is left of their blocks, so that pixel (x, y) covers x·factor…(x + 1)·factor.</summary>
    /// <param name="photo">The photo; returned as it is for a factor of 1.</param>
    /// <param name="factor">From 1 to <see cref="MaxFactor"/>.</param>
    public static PixelBuffer Shrink(PixelBuffer photo, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, MaxFactor);
        if (factor == 1)
        {
            return photo;
        }

        int channels = photo.Channels;
        int stride = photo.Width * channels;
        int width = (photo.Width + factor - 1) / factor;
        int height = (photo.Height + factor - 1) / factor;
        byte[] result = new byte[width * height * channels];
        ushort[] sums = ArrayPool<ushort>.Shared.Rent(stride);
        try
        {
            for (int y = 0; y < height; y++)
            {
                Span<ushort> line = sums.AsSpan(0, stride);
                line.Clear();
                int rows = Math.Min(factor, photo.Height - (y * factor));
                for (int r = 0; r < rows; r++)
                {
                    Add(photo.Data.AsSpan(((y * factor) + r) * stride, stride), line);
                }

                Average(line, photo.Width, channels, factor, rows, result.AsSpan(y * width * channels, width * channels));
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(sums);
        }

        return new PixelBuffer(width, height, channels, result);
    }

    private static void Add(ReadOnlySpan<byte> bytes, Span<ushort> sums)
    {
        ReadOnlySpan<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        Span<Vector<ushort>> wideSums = MemoryMarshal.Cast<ushort, Vector<ushort>>(sums);
        for (int i = 0; i < wide.Length; i++)
        {
            Vector.Widen(wide[i], out Vector<ushort> low, out Vector<ushort> high);
            wideSums[2 * i] += low;
            wideSums[(2 * i) + 1] += high;
        }

        for (int i = wide.Length * Vector<byte>.Count; i < bytes.Length; i++)
        {
            sums[i] += bytes[i];
        }
    }

    private static void Average(ReadOnlySpan<ushort> sums, int pixels, int channels, int factor, int rows, Span<byte> target)
    {
        int block = factor * channels;
        for (int i = 0, from = 0; i < target.Length; i += channels, from += block)
        {
            int columns = Math.Min(factor, pixels - (from / channels));
            float share = 1f / (rows * columns);
            for (int c = 0; c < channels; c++)
            {
                uint sum = 0;
                for (int k = from + c; k < from + (columns * channels); k += channels)
                {
                    sum += sums[k];
                }

                target[i + c] = (byte)((sum * share) + 0.5f);
            }
        }
    }
}
