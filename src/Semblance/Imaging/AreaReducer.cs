using System.Numerics;
using System.Runtime.InteropServices;

namespace Semblance.Imaging;

/// <summary>Shrinks a part of a photo by a whole number: each pixel of the result is the mean of a block. What hangs over the part's end is black.</summary>
internal static class AreaReducer
{
    /// <summary>Sums of this many bytes fit in 16 bits.</summary>
    public const int LargestFactor = 256;

    /// <summary>Shrinks; blocks begin at the region's upper left corner.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="region">The part, not empty.</param>
    /// <param name="factor">The side of a block, from 2 to 256.</param>
    public static PixelBuffer Reduce(PixelBuffer photo, PhotoRegion region, int factor)
    {
        int channels = photo.Channels;
        int width = (region.Right - region.Left + factor - 1) / factor, height = (region.Bottom - region.Top + factor - 1) / factor;
        byte[] result = new byte[(long)width * height * channels];
        int length = (region.Right - region.Left) * channels;

        // Padded to whole blocks, so that the last block adds up black.
        ushort[] sums = new ushort[width * factor * channels];
        float share = 1f / (factor * factor);
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums);
            int first = region.Top + (y * factor), end = Math.Min(first + factor, region.Bottom);
            for (int row = first; row < end; row++)
            {
                long start = (((long)row * photo.Width) + region.Left) * channels;
                AddRow(new ReadOnlySpan<byte>(photo.Data, (int)start, length), sums);
            }

            Span<byte> target = result.AsSpan(y * width * channels, width * channels);
            if (channels == 1)
            {
                AverageGrey(sums, factor, share, target);
            }
            else
            {
                AverageColour(sums, factor, share, target);
            }
        }

        return new PixelBuffer(width, height, channels, result);
    }

    private static void AddRow(ReadOnlySpan<byte> row, Span<ushort> sums)
    {
        ref byte from = ref MemoryMarshal.GetReference(row);
        ref ushort to = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)i), out Vector<ushort> low, out Vector<ushort> high);
            (Vector.LoadUnsafe(ref to, (nuint)i) + low).StoreUnsafe(ref to, (nuint)i);
            nuint next = (nuint)(i + Vector<ushort>.Count);
            (Vector.LoadUnsafe(ref to, next) + high).StoreUnsafe(ref to, next);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += row[i];
        }
    }

    private static void AverageGrey(ReadOnlySpan<ushort> sums, int factor, float share, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            int sum = 0;
            foreach (ushort value in sums.Slice(x * factor, factor))
            {
                sum += value;
            }

            target[x] = (byte)((sum * share) + 0.5f);
        }
    }

    private static void AverageColour(ReadOnlySpan<ushort> sums, int factor, float share, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x += 3)
        {
            ReadOnlySpan<ushort> block = sums.Slice(x * factor, factor * 3);
            int red = 0, green = 0, blue = 0;
            for (int i = 0; i + 2 < block.Length; i += 3)
            {
                red += block[i];
                green += block[i + 1];
                blue += block[i + 2];
            }

            target[x] = (byte)((red * share) + 0.5f);
            target[x + 1] = (byte)((green * share) + 0.5f);
            target[x + 2] = (byte)((blue * share) + 0.5f);
        }
    }
}
