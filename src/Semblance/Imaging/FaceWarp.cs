using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Semblance.Imaging;

/// <summary>
/// Cuts a turned and scaled part out of a photo, bilinearly; where it lies outside the photo the crop is black. Where the crop shows two or
/// more pixels of the photo in one of its own, blocks of pixels are averaged first (<see cref="AreaReducer"/>), in the part that is needed
/// alone: no pixel of the face is skipped, and a face in a large photo costs what the face costs. Grey stays grey.
/// </summary>
public static class FaceWarp
{
    // Positions in fixed point: 24 bits after the point keep an error of a thousandth of a pixel over rows of a thousand.
    private const int PositionBits = 24;
    private const double PositionOne = 1L << PositionBits;

    // Weights in 11 bits: products of two weights and a byte fit in 31 bits.
    private const int WeightBits = 11;
    private const int WeightOne = 1 << WeightBits;
    private const int Half = 1 << ((2 * WeightBits) - 1);

    /// <summary>Below this the photo is sampled as it is: neighbouring samples then share a pixel or touch, so that none is skipped.</summary>
    private const double ReducingFrom = 2;

    // Further away than any photo, near enough for fixed point.
    private const double Far = 1e9;

    /// <summary>Cuts a crop.</summary>
    /// <param name="photo">The photo, RGB or grey.</param>
    /// <param name="toCrop">From pixels of the photo to pixels of the crop; its scale is above 0.</param>
    /// <param name="width">Width of the crop, at least 1.</param>
    /// <param name="height">Height of the crop, at least 1.</param>
    /// <returns>The crop, with the photo's channels.</returns>
    /// <exception cref="InvalidOperationException">The transform's scale is 0.</exception>
    public static PixelBuffer Crop(PixelBuffer photo, SimilarityTransform toCrop, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        SimilarityTransform toPhoto = toCrop.Inverse;
        int channels = photo.Channels;
        byte[] crop = new byte[width * height * channels];
        while (toPhoto.Scale >= ReducingFrom)
        {
            if (PhotoRegion.Under(toPhoto, width, height, photo) is not { } region)
            {
                return new PixelBuffer(width, height, channels, crop);
            }

            int factor = (int)Math.Min(Math.Round(toPhoto.Scale), AreaReducer.LargestFactor);
            photo = AreaReducer.Reduce(photo, region, factor);
            double middle = (factor - 1) / 2.0;
            toPhoto = toPhoto.Then(new SimilarityTransform(1.0 / factor, 0, -(region.Left + middle) / factor, -(region.Top + middle) / factor));
        }

        Sample(photo, toPhoto, crop, width, height);
        return new PixelBuffer(width, height, channels, crop);
    }

    private static void Sample(PixelBuffer photo, SimilarityTransform toPhoto, byte[] crop, int width, int height)
    {
        int channels = photo.Channels;
        long stepX = (long)Math.Round(toPhoto.A * PositionOne), stepY = (long)Math.Round(toPhoto.B * PositionOne);
        for (int y = 0; y < height; y++)
        {
            long startX = Fixed(toPhoto.ShiftX - (toPhoto.B * y)), startY = Fixed(toPhoto.ShiftY + (toPhoto.A * y));
            Span<byte> row = crop.AsSpan(y * width * channels, width * channels);
            (int first, int end) = Within(startX, stepX, photo.Width, 0, width);
            (first, end) = Within(startY, stepY, photo.Height, first, end);
            SampleAtBorder(photo, startX, startY, stepX, stepY, 0, first, row);
            if (channels == 1)
            {
                SampleGrey(photo, startX, startY, stepX, stepY, first, end, row);
            }
            else
            {
                SampleColour(photo, startX, startY, stepX, stepY, first, end, row);
            }

            SampleAtBorder(photo, startX, startY, stepX, stepY, end, width, row);
        }
    }

    private static long Fixed(double position) => (long)Math.Round(Math.Clamp(position, -Far, Far) * PositionOne);

    /// <summary>The part of [first, end) whose samples have all four neighbours inside a side of the given length.</summary>
    private static (int First, int End) Within(long start, long step, int length, int first, int end)
    {
        // 0 ≤ start + i·step < (length − 1)·2^bits
        long limit = ((long)(length - 1) << PositionBits) - 1;
        if (step == 0)
        {
            return start >= 0 && start <= limit ? (first, end) : (end, end);
        }

        (long low, long high) = step > 0
            ? (CeilingDivide(-start, step), FloorDivide(limit - start, step))
            : (CeilingDivide(start - limit, -step), FloorDivide(start, -step));
        int from = (int)Math.Clamp(low, first, end);
        return (from, (int)Math.Clamp(high + 1, from, end));
    }

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);

    private static long CeilingDivide(long value, long by) => -FloorDivide(-value, by);

    // The range was cut so that the four neighbours lie inside.
    private static void SampleGrey(PixelBuffer photo, long atX, long atY, long stepX, long stepY, int first, int end, Span<byte> row)
    {
        ref byte source = ref MemoryMarshal.GetArrayDataReference(photo.Data);
        ref byte target = ref MemoryMarshal.GetReference(row);
        nint stride = photo.Width;
        atX += first * stepX;
        atY += first * stepY;
        for (nint x = first; x < end; x++, atX += stepX, atY += stepY)
        {
            int right = Weight(atX), below = Weight(atY);
            ref byte corner = ref Unsafe.Add(ref source, ((nint)(atY >> PositionBits) * stride) + (nint)(atX >> PositionBits));
            Unsafe.Add(ref target, x) = Blend(corner, Unsafe.Add(ref corner, 1), Unsafe.Add(ref corner, stride), Unsafe.Add(ref corner, stride + 1), right, below);
        }
    }

    private static void SampleColour(PixelBuffer photo, long atX, long atY, long stepX, long stepY, int first, int end, Span<byte> row)
    {
        ref byte source = ref MemoryMarshal.GetArrayDataReference(photo.Data);
        ref byte target = ref MemoryMarshal.GetReference(row);
        nint stride = (nint)photo.Width * 3;
        atX += first * stepX;
        atY += first * stepY;
        for (nint x = first; x < end; x++, atX += stepX, atY += stepY)
        {
            int right = Weight(atX), below = Weight(atY);
            ref byte corner = ref Unsafe.Add(ref source, ((nint)(atY >> PositionBits) * stride) + ((nint)(atX >> PositionBits) * 3));
            ref byte to = ref Unsafe.Add(ref target, x * 3);
            for (nint c = 0; c < 3; c++)
            {
                Unsafe.Add(ref to, c) = Blend(
                    Unsafe.Add(ref corner, c), Unsafe.Add(ref corner, c + 3), Unsafe.Add(ref corner, stride + c), Unsafe.Add(ref corner, stride + c + 3), right, below);
            }
        }
    }

    // At the border some neighbours are the black outside.
    private static void SampleAtBorder(PixelBuffer photo, long atX, long atY, long stepX, long stepY, int first, int end, Span<byte> row)
    {
        int channels = photo.Channels;
        for (int x = first; x < end; x++)
        {
            long px = atX + (x * stepX), py = atY + (x * stepY);
            long column = px >> PositionBits, line = py >> PositionBits;
            if (column < -1 || line < -1 || column >= photo.Width || line >= photo.Height)
            {
                continue;
            }

            for (int c = 0; c < channels; c++)
            {
                row[(x * channels) + c] = Blend(
                    PixelOrBlack(photo, column, line, c),
                    PixelOrBlack(photo, column + 1, line, c),
                    PixelOrBlack(photo, column, line + 1, c),
                    PixelOrBlack(photo, column + 1, line + 1, c),
                    Weight(px),
                    Weight(py));
            }
        }
    }

    private static int PixelOrBlack(PixelBuffer photo, long column, long row, int channel) =>
        column >= 0 && row >= 0 && column < photo.Width && row < photo.Height
            ? photo.Data[(((row * photo.Width) + column) * photo.Channels) + channel]
            : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Weight(long position) => (int)(position >> (PositionBits - WeightBits)) & (WeightOne - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Blend(int upperLeft, int upperRight, int lowerLeft, int lowerRight, int right, int below)
    {
        int upper = (upperLeft << WeightBits) + ((upperRight - upperLeft) * right);
        int lower = (lowerLeft << WeightBits) + ((lowerRight - lowerLeft) * right);
        return (byte)(((upper * (WeightOne - below)) + (lower * below) + Half) >> (2 * WeightBits));
    }
}
