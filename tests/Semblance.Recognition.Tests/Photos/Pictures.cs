using Semblance.Imaging;

namespace Semblance.Recognition.Tests.Photos;

/// <summary>Pixels of our own making.</summary>
internal static class Pictures
{
    public static PixelBuffer Flat(int width, int height, byte value, int channels = 3) =>
        new(width, height, channels, [.. Enumerable.Repeat(value, width * height * channels)]);

    public static PixelBuffer Noise(int width, int height, int channels = 3, int seed = 1)
    {
        byte[] data = new byte[width * height * channels];
        new Random(seed).NextBytes(data);
        return new PixelBuffer(width, height, channels, data);
    }

    /// <summary>Waves of so many pixels' length, about mid-grey.</summary>
    public static PixelBuffer Waves(int width, int height, double length, double amplitude = 60)
    {
        byte[] data = new byte[width * height];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)Math.Round(128 + (amplitude / 2 * (Math.Sin(2 * Math.PI * (i % width) / length) + Math.Sin(2 * Math.PI * (i / width) / length))));
        }

        return new PixelBuffer(width, height, 1, data);
    }
}
