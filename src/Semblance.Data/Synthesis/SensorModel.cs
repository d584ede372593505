using Semblance.Numerics;

namespace Semblance.Data.Synthesis;

/// <summary>Turns the drawn picture into what a camera would give: averaged, blurred, balanced, exposed, noisy.</summary>
internal static class SensorModel
{
    /// <summary>Develops one image.</summary>
    /// <param name="drawn">RGBA, <paramref name="oversampling"/> times as wide and high as the image.</param>
    /// <param name="size">Width and height of the image.</param>
    /// <param name="oversampling">Drawn pixels per image pixel and side.</param>
    /// <param name="settings">The camera's settings.</param>
    /// <param name="random">Draws the noise.</param>
    /// <param name="work">Scratch space: 2 × size × size × 3 floats.</param>
    /// <param name="image">Receives size × size × 3 bytes, RGB.</param>
    public static void Develop(
        ReadOnlySpan<byte> drawn, int size, int oversampling, SensorSettings settings, ref CountedRandom random, Span<float> work, Span<byte> image)
    {
        int count = size * size * 3;
        Span<float> light = work[..count];
        Average(drawn, size, oversampling, light);
        float sigma = settings.Blur * size / 112;
        if (sigma > 0.25f)
        {
            Blur(light, work.Slice(count, count), size, sigma);
        }

        ReadOnlySpan<float> gains = [settings.GainRed, settings.GainGreen, settings.GainBlue];
        for (int i = 0; i < count; i += 3)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                // Eight random bytes summed are normal enough for noise: mean 1020, standard deviation 209.
                float noise = settings.Noise * (ByteSum(random.NextUInt64()) - 1020) * (1 / 209f);
                float value = ((light[i + channel] * gains[channel]) - 120) * settings.Contrast;
                image[i + channel] = (byte)Math.Clamp(value + 120.5f + settings.Offset + noise, 0, 255);
            }
        }
    }

    private static int ByteSum(ulong bits)
    {
        const ulong Low = 0x00FF00FF00FF00FF;
        ulong pairs = (bits & Low) + ((bits >> 8) & Low);
        return (int)((pairs * 0x0001000100010001) >> 48);
    }

    private static void Average(ReadOnlySpan<byte> drawn, int size, int oversampling, Span<float> light)
    {
        int stride = size * oversampling * 4;
        float share = 1f / (oversampling * oversampling);
        for (int y = 0, at = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++, at += 3)
            {
                int red = 0;
                int green = 0;
                int blue = 0;
                for (int dy = 0; dy < oversampling; dy++)
                {
                    ReadOnlySpan<byte> line = drawn.Slice((((y * oversampling) + dy) * stride) + (x * oversampling * 4), oversampling * 4);
                    for (int dx = 0; dx < line.Length; dx += 4)
                    {
                        red += line[dx];
                        green += line[dx + 1];
                        blue += line[dx + 2];
                    }
                }

                light[at] = red * share;
                light[at + 1] = green * share;
                light[at + 2] = blue * share;
            }
        }
    }

    // Separable Gaussian, edges repeated.
    private static void Blur(Span<float> light, Span<float> scratch, int size, float sigma)
    {
        int radius = Math.Max(1, (int)MathF.Ceiling(2.2f * sigma));
        Span<float> kernel = stackalloc float[(2 * radius) + 1];
        float sum = 0;
        for (int i = 0; i < kernel.Length; i++)
        {
            float d = (i - radius) / sigma;
            sum += kernel[i] = MathF.Exp(-0.5f * d * d);
        }

        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] /= sum;
        }

        Pass(light, scratch, size, kernel, 3, size * 3);
        Pass(scratch, light, size, kernel, size * 3, 3);
    }

    private static void Pass(ReadOnlySpan<float> from, Span<float> to, int size, ReadOnlySpan<float> kernel, int step, int lineStep)
    {
        int radius = kernel.Length / 2;
        for (int line = 0; line < size; line++)
        {
            for (int i = 0; i < size; i++)
            {
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int k = 0; k < kernel.Length; k++)
                {
                    int at = (line * lineStep) + (Math.Clamp(i + k - radius, 0, size - 1) * step);
                    red += kernel[k] * from[at];
                    green += kernel[k] * from[at + 1];
                    blue += kernel[k] * from[at + 2];
                }

                int place = (line * lineStep) + (i * step);
                to[place] = red;
                to[place + 1] = green;
                to[place + 2] = blue;
            }
        }
    }
}
