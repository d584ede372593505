using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Frames;

/// <summary>
/// Writes a view of a photo as a model's input: resampled, padded and normalised in one go, from bytes to floats without an image in between.
/// Rows first: there neighbouring bytes share their weight, and vectors do the work.
/// </summary>
internal static class FrameWriter
{
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    /// <summary>Fills a frame.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="view">Which part of it, at what scale.</param>
    /// <param name="format">The model's input.</param>
    /// <param name="frame">channels × height × width floats, overwritten.</param>
    public static void Write(PixelBuffer photo, Letterbox view, FrameFormat format, Span<float> frame)
    {
        using var columns = new AxisTaps(photo.Width, view.Width, view.Scale, view.OffsetX, format.Replicate);
        using var rows = new AxisTaps(photo.Height, view.Height, view.Scale, view.OffsetY, format.Replicate);
        int used = Math.Max(0, columns.End - columns.First);
        int channels = photo.Channels;

        // Three floats more: the last pixel is read as a vector of four.
        float[] line = ArrayPool<float>.Shared.Rent((used * channels) + 3);
        float[] scratch = ArrayPool<float>.Shared.Rent(used * channels);
        Array.Clear(line, used * channels, 3);
        try
        {
            for (int y = 0; y < view.Height; y++)
            {
                if (used == 0 || rows.Of(y).IsEmpty)
                {
                    FillPadding(format, frame, view, y);
                    continue;
                }

                Blend(photo, rows.Start(y), rows.Of(y), columns.First, line.AsSpan(0, used * channels), scratch);
                if (channels == 1)
                {
                    WriteGrey(line, columns, format, frame, view, y);
                }
                else if (format.Channels == 1)
                {
                    ToLuminance(line, used);
                    WriteGrey(line, columns, format, frame, view, y);
                }
                else
                {
                    WriteColour(line, columns, format, frame, view, y);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(line);
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    private static void Blend(PixelBuffer photo, int firstRow, ReadOnlySpan<float> weights, int firstColumn, Span<float> line, float[] scratch)
    {
        int stride = photo.Width * photo.Channels;
        Span<float> row = scratch.AsSpan(0, line.Length);
        for (int k = 0; k < weights.Length; k++)
        {
            ReadOnlySpan<byte> bytes = photo.Data.AsSpan(((firstRow + k) * stride) + (firstColumn * photo.Channels), line.Length);
            TensorPrimitives.ConvertTruncating(bytes, row);
            if (k == 0)
            {
                TensorPrimitives.Multiply(row, weights[k], line);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(row, weights[k], line, line);
            }
        }
    }

    private static void ToLuminance(float[] line, int pixels)
    {
        for (int x = 0; x < pixels; x++)
        {
            line[x] = (Red * line[3 * x]) + (Green * line[(3 * x) + 1]) + (Blue * line[(3 * x) + 2]);
        }
    }

    private static void WriteGrey(float[] line, AxisTaps columns, FrameFormat format, Span<float> frame, Letterbox view, int y)
    {
        int plane = view.Width * view.Height;
        bool planar = format.Channels == 1 || !format.ChannelsLast;
        Span<float> first = planar ? frame.Slice(y * view.Width, view.Width) : frame.Slice(y * view.Width * 3, view.Width * 3);
        Vector3 padding = Padding(format);
        bool oneMean = format.Mean.X == format.Mean.Y && format.Mean.X == format.Mean.Z;
        for (int x = 0; x < view.Width; x++)
        {
            ReadOnlySpan<float> weights = columns.Of(x);
            int start = columns.Start(x) - columns.First;
            float sum = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * line[start + k];
            }

            Vector3 value = weights.IsEmpty ? padding : (new Vector3(sum) - format.Mean) * format.Factor;
            if (planar)
            {
                first[x] = value.X;
                if (!oneMean && format.Channels == 3)
                {
                    Store(frame, format, plane, view.Width, x, y, value);
                }
            }
            else
            {
                Store(frame, format, plane, view.Width, x, y, value);
            }
        }

        if (planar && format.Channels == 3 && oneMean)
        {
            first.CopyTo(frame[(plane + (y * view.Width))..]);
            first.CopyTo(frame[((2 * plane) + (y * view.Width))..]);
        }
    }

    private static void WriteColour(float[] line, AxisTaps columns, FrameFormat format, Span<float> frame, Letterbox view, int y)
    {
        int plane = view.Width * view.Height;
        Vector3 padding = Padding(format);
        ref float from = ref MemoryMarshal.GetArrayDataReference(line);
        for (int x = 0; x < view.Width; x++)
        {
            ReadOnlySpan<float> weights = columns.Of(x);
            int start = (columns.Start(x) - columns.First) * 3;
            Vector128<float> sum = Vector128<float>.Zero;
            for (int k = 0; k < weights.Length; k++)
            {
                sum += Vector128.LoadUnsafe(ref from, (nuint)(start + (3 * k))) * weights[k];
            }

            Store(frame, format, plane, view.Width, x, y, weights.IsEmpty ? padding : (sum.AsVector3() - format.Mean) * format.Factor);
        }
    }

    private static void FillPadding(FrameFormat format, Span<float> frame, Letterbox view, int y)
    {
        Vector3 padding = Padding(format);
        int plane = view.Width * view.Height;
        if (format.Channels == 1)
        {
            frame.Slice(y * view.Width, view.Width).Fill(padding.X);
            return;
        }

        for (int x = 0; x < view.Width; x++)
        {
            Store(frame, format, plane, view.Width, x, y, padding);
        }
    }

    private static Vector3 Padding(FrameFormat format) =>
        format.Padding is { } value ? (new Vector3(value) - format.Mean) * format.Factor : Vector3.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> frame, FrameFormat format, int plane, int width, int x, int y, Vector3 value)
    {
        (float first, float last) = format.Order == ColorOrder.Rgb ? (value.X, value.Z) : (value.Z, value.X);
        int at = (y * width) + x;
        if (format.ChannelsLast)
        {
            (frame[3 * at], frame[(3 * at) + 1], frame[(3 * at) + 2]) = (first, value.Y, last);
        }
        else
        {
            (frame[at], frame[plane + at], frame[(2 * plane) + at]) = (first, value.Y, last);
        }
    }
}
