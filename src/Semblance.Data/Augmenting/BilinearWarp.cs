using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Semblance.Imaging;

namespace Semblance.Data.Augmenting;

/// <summary>
/// Samples a part of an image at the input's pixels, bilinearly, from interleaved bytes to planes of floats (0…255) in one pass. Beyond the
/// image its edge goes on. The image should be less than about 1.5 times as fine as the input, else it aliases.
/// </summary>
internal sealed class BilinearWarp
{
    private readonly int _width;
    private readonly int _height;
    private readonly int[] _columns;
    private readonly float[] _shares;
    private float[] _line = [];

    /// <summary>Creates a warp to the given size.</summary>
    public BilinearWarp(int width, int height) =>
        (_width, _height, _columns, _shares) = (width, height, new int[width], new float[width]);

    /// <summary>Fills one plane per channel.</summary>
    /// <param name="image">The source.</param>
    /// <param name="geometry">What to show of it.</param>
    /// <param name="planes">channels × height × width floats.</param>
    public void Sample(PixelBuffer image, in Geometry geometry, Span<float> planes)
    {
        if (geometry.Angle == 0)
        {
            SampleUpright(image, geometry, planes);
        }
        else
        {
            SampleTurned(image, geometry, planes);
        }
    }

    // Upright, the warp is separable: two rows are blended into a line of floats (contiguous, vectorised), then the line is sampled at columns
    // that are the same for every row.
    private void SampleUpright(PixelBuffer image, in Geometry geometry, Span<float> planes)
    {
        int channels = image.Channels;
        int plane = _width * _height;
        double step = geometry.Width * image.Width / _width;
        double start = (geometry.Left * image.Width) + (step / 2) - 0.5;
        int first = int.MaxValue, last = 0;
        for (int x = 0; x < _width; x++)
        {
            double at = Math.Clamp(start + (step * (geometry.Flip ? _width - 1 - x : x)), 0, image.Width - 1);
            int column = (int)at;
            _columns[x] = column * channels;
            _shares[x] = (float)(at - column);
            (first, last) = (Math.Min(first, column), Math.Max(last, column));
        }

        // One pixel more than the columns ask for, so that the right neighbour of the last is always there.
        int from = first * channels;
        int length = (Math.Min(last + 2, image.Width) - first) * channels;
        if (_line.Length < length + channels)
        {
            _line = new float[length + channels];
        }

        for (int x = 0; x < _width; x++)
        {
            _columns[x] -= from;
        }

        double down = geometry.Height * image.Height / _height;
        double above = (geometry.Top * image.Height) + (down / 2) - 0.5;
        int stride = image.Width * channels;
        for (int y = 0; y < _height; y++)
        {
            double at = Math.Clamp(above + (down * y), 0, image.Height - 1);
            int row = (int)at;
            int next = Math.Min(row + 1, image.Height - 1);
            Blend(image.Data.AsSpan((row * stride) + from, length), image.Data.AsSpan((next * stride) + from, length), (float)(at - row), _line);
            for (int c = 0; c < channels; c++)
            {
                _line[length + c] = _line[length - channels + c];
            }

            for (int c = 0; c < channels; c++)
            {
                SampleLine(_line.AsSpan(c), channels, planes.Slice((c * plane) + (y * _width), _width));
            }
        }
    }

    // Columns were clamped to the line when they were computed, so no bound is checked per pixel.
    private void SampleLine(ReadOnlySpan<float> line, int channels, Span<float> target)
    {
        ref float source = ref MemoryMarshal.GetReference(line);
        ref int columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref float shares = ref MemoryMarshal.GetArrayDataReference(_shares);
        ref float to = ref MemoryMarshal.GetReference(target);
        for (nuint x = 0; x < (nuint)target.Length; x++)
        {
            ref float left = ref Unsafe.Add(ref source, Unsafe.Add(ref columns, x));
            float value = left;
            Unsafe.Add(ref to, x) = value + ((Unsafe.Add(ref left, channels) - value) * Unsafe.Add(ref shares, x));
        }
    }

    private static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float share, Span<float> line)
    {
        ref byte a = ref MemoryMarshal.GetReference(upper);
        ref byte b = ref MemoryMarshal.GetReference(lower);
        ref float to = ref MemoryMarshal.GetReference(line);
        int i = 0;
        Vector128<float> weight = Vector128.Create(share);
        for (; i <= upper.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> a0, Vector128<ushort> a1) = Vector128.Widen(Vector128.LoadUnsafe(ref a, (nuint)i));
            (Vector128<ushort> b0, Vector128<ushort> b1) = Vector128.Widen(Vector128.LoadUnsafe(ref b, (nuint)i));
            BlendEight(a0, b0, weight, ref to, (nuint)i);
            BlendEight(a1, b1, weight, ref to, (nuint)i + 8);
        }

        for (; i < upper.Length; i++)
        {
            line[i] = upper[i] + ((lower[i] - upper[i]) * share);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BlendEight(Vector128<ushort> upper, Vector128<ushort> lower, Vector128<float> share, ref float to, nuint at)
    {
        (Vector128<uint> a0, Vector128<uint> a1) = Vector128.Widen(upper);
        (Vector128<uint> b0, Vector128<uint> b1) = Vector128.Widen(lower);
        Vector128<float> low = Vector128.ConvertToSingle(a0.AsInt32());
        Vector128<float> high = Vector128.ConvertToSingle(a1.AsInt32());
        (low + ((Vector128.ConvertToSingle(b0.AsInt32()) - low) * share)).StoreUnsafe(ref to, at);
        (high + ((Vector128.ConvertToSingle(b1.AsInt32()) - high) * share)).StoreUnsafe(ref to, at + 4);
    }

    private void SampleTurned(PixelBuffer image, in Geometry geometry, Span<float> planes)
    {
        int channels = image.Channels;
        int plane = _width * _height;
        int stride = image.Width * channels;
        float scaleX = (float)(geometry.Width * image.Width / _width), scaleY = (float)(geometry.Height * image.Height / _height);
        float cos = (float)Math.Cos(geometry.Angle), sin = (float)Math.Sin(geometry.Angle);
        float centreX = (float)((geometry.Left + (geometry.Width / 2)) * image.Width) - 0.5f;
        float centreY = (float)((geometry.Top + (geometry.Height / 2)) * image.Height) - 0.5f;

        // The input's pixels turn about its centre, then stretch to the part shown, so that a square input turns without shear.
        float mirror = geometry.Flip ? -1 : 1;
        float stepX = cos * mirror * scaleX, stepY = sin * mirror * scaleY;
        float middleX = (_width - 1) / 2f, middleY = (_height - 1) / 2f;
        float maxX = image.Width - 1, maxY = image.Height - 1;
        ref byte source = ref MemoryMarshal.GetArrayDataReference(image.Data);
        for (int y = 0; y < _height; y++)
        {
            float atX = centreX - ((y - middleY) * sin * scaleX) - (middleX * stepX);
            float atY = centreY + ((y - middleY) * cos * scaleY) - (middleX * stepY);
            for (int x = 0; x < _width; x++)
            {
                float fromX = Math.Clamp(atX + (x * stepX), 0, maxX), fromY = Math.Clamp(atY + (x * stepY), 0, maxY);
                int column = (int)fromX, row = (int)fromY;
                float right = fromX - column, below = fromY - row;
                int across = fromX < maxX ? channels : 0, down = fromY < maxY ? stride : 0;

                // Clamped above, so the four neighbours lie inside.
                ref byte corner = ref Unsafe.Add(ref source, (row * stride) + (column * channels));
                int to = (y * _width) + x;
                for (int c = 0; c < channels; c++)
                {
                    float upper = corner + ((Unsafe.Add(ref corner, across) - corner) * right);
                    float lower = Unsafe.Add(ref corner, down) + ((Unsafe.Add(ref corner, down + across) - Unsafe.Add(ref corner, down)) * right);
                    planes[(c * plane) + to] = upper + ((lower - upper) * below);
                    corner = ref Unsafe.Add(ref corner, 1);
                }
            }
        }
    }
}
