namespace Semblance.Imaging;

/// <summary>
/// Separable resampling with a triangle filter whose support grows with the shrink factor: bilinear when enlarging, an area-weighted
/// average when shrinking (so that no pixel of a large photo is skipped).
/// </summary>
public static class ImageResizer
{
    /// <summary>Resizes to exactly the given size; returns the same object where the size fits already.</summary>
    /// <param name="image">The source.</param>
    /// <param name="width">Target width, at least 1.</param>
    /// <param name="height">Target height, at least 1.</param>
    public static PixelBuffer Resize(PixelBuffer image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (image.Width == width && image.Height == height)
        {
            return image;
        }

        int channels = image.Channels;
        Weights horizontal = Weights.Compute(image.Width, width);
        Weights vertical = Weights.Compute(image.Height, height);
        float[] rows = new float[image.Height * width * channels];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> source = image.Data.AsSpan(y * image.Width * channels, image.Width * channels);
            Span<float> target = rows.AsSpan(y * width * channels, width * channels);
            for (int x = 0; x < width; x++)
            {
                int start = horizontal.StartOf(x);
                ReadOnlySpan<float> weights = horizontal.Of(x);
                for (int c = 0; c < channels; c++)
                {
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++)
                    {
                        sum += weights[k] * source[((start + k) * channels) + c];
                    }

                    target[(x * channels) + c] = sum;
                }
            }
        }

        byte[] result = new byte[width * height * channels];
        float[] line = new float[width * channels];
        for (int y = 0; y < height; y++)
        {
            int start = vertical.StartOf(y);
            ReadOnlySpan<float> weights = vertical.Of(y);
            Array.Clear(line);
            for (int k = 0; k < weights.Length; k++)
            {
                ReadOnlySpan<float> source = rows.AsSpan((start + k) * width * channels, width * channels);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, weights[k], line, line);
            }

            Span<byte> target = result.AsSpan(y * width * channels, width * channels);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (byte)Math.Clamp(line[i] + 0.5f, 0f, 255f);
            }
        }

        return new PixelBuffer(width, height, channels, result);
    }

    private sealed class Weights
    {
        private readonly int[] _starts;
        private readonly int[] _offsets;
        private readonly float[] _values;

        private Weights(int[] starts, int[] offsets, float[] values) => (_starts, _offsets, _values) = (starts, offsets, values);

        public int StartOf(int index) => _starts[index];

        public ReadOnlySpan<float> Of(int index) => _values.AsSpan(_offsets[index].._offsets[index + 1]);

        public static Weights Compute(int from, int to)
        {
            double ratio = (double)from / to;
            double support = Math.Max(1.0, ratio);
            int[] starts = new int[to];
            int[] offsets = new int[to + 1];
            var values = new List<float>();
            for (int i = 0; i < to; i++)
            {
                double centre = ((i + 0.5) * ratio) - 0.5;
                int first = Math.Max(0, (int)Math.Ceiling(centre - support));
                int last = Math.Min(from - 1, (int)Math.Floor(centre + support));
                double total = 0;
                for (int k = first; k <= last; k++)
                {
                    total += Math.Max(0, 1 - (Math.Abs(k - centre) / support));
                }

                starts[i] = first;
                offsets[i] = values.Count;
                for (int k = first; k <= last; k++)
                {
                    values.Add((float)(Math.Max(0, 1 - (Math.Abs(k - centre) / support)) / total));
                }
            }

            offsets[to] = values.Count;
            return new Weights(starts, offsets, [.. values]);
        }
    }
}
