using System.Runtime.InteropServices;
using Semblance.Imaging;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Tests.Support;

/// <summary>Images and image files made on the spot.</summary>
internal static class TestImages
{
    /// <summary>A 16×16 grey progressive JPEG.</summary>
    public static byte[] ProgressiveJpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wgALCAAQABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAUG/9oACAEBAAAAAarKv//EABUQAQEAAAAAAAAAAAAAAAAAAAAT/9oACAEBAAEFArrrrv/EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEABj8CH//EABUQAQEAAAAAAAAAAAAAAAAAAABx/9oACAEBAAE/IbWtb//aAAgBAQAAABAP/8QAFhAAAwAAAAAAAAAAAAAAAAAAABHw/9oACAEBAAE/ELZbLZbP/9k=");

    /// <summary>Smooth and different for each seed, so that lossy coding keeps it near.</summary>
    public static PixelBuffer Smooth(int width, int height, int channels, ulong seed = 1)
    {
        var random = new CountedRandom(seed);
        byte[] data = new byte[width * height * channels];
        for (int c = 0; c < channels; c++)
        {
            double phase = random.NextDouble(0, 6), across = random.NextDouble(1, 4) / width, down = random.NextDouble(1, 4) / height;
            for (int i = 0; i < width * height; i++)
            {
                data[(i * channels) + c] = (byte)(127.5 + (110 * Math.Sin(phase + (across * (i % width)) + (down * (i / width)))));
            }
        }

        return new PixelBuffer(width, height, channels, data);
    }

    public static PixelBuffer Noise(int width, int height, int channels, ulong seed = 1)
    {
        var random = new CountedRandom(seed);
        byte[] data = new byte[width * height * channels];
        foreach (ref byte value in data.AsSpan())
        {
            value = (byte)random.NextInt(256);
        }

        return new PixelBuffer(width, height, channels, data);
    }

    public static byte[] Encode(PixelBuffer image, SKEncodedImageFormat format, int quality = 95)
    {
        bool grey = image.Channels == 1;
        byte[] pixels = grey ? image.Data : new byte[image.Width * image.Height * 4];
        for (int i = 0; !grey && i < image.Width * image.Height; i++)
        {
            image.Data.AsSpan(i * 3, 3).CopyTo(pixels.AsSpan(i * 4));
            pixels[(i * 4) + 3] = 255;
        }

        return Encode(pixels, new SKImageInfo(image.Width, image.Height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque), format, quality);
    }

    public static byte[] Encode(byte[] pixels, SKImageInfo info, SKEncodedImageFormat format, int quality)
    {
        GCHandle pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using var map = new SKPixmap(info, pin.AddrOfPinnedObject());
            using SKData data = map.Encode(format, quality)!;
            return data.ToArray();
        }
        finally
        {
            pin.Free();
        }
    }

    public static byte[] Png(int width = 8, int height = 8, int channels = 1, ulong seed = 1) => Encode(Noise(width, height, channels, seed), SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int width = 24, int height = 20, int channels = 3, ulong seed = 1) => Encode(Smooth(width, height, channels, seed), SKEncodedImageFormat.Jpeg);

    /// <summary>A 24-bit BMP, bottom row first, as the format has it.</summary>
    public static byte[] Bmp(PixelBuffer image)
    {
        int stride = ((image.Width * 3) + 3) & ~3;
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        writer.Write(54 + (stride * image.Height));
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(image.Width);
        writer.Write(image.Height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        for (int y = image.Height - 1; y >= 0; y--)
        {
            byte[] row = new byte[stride];
            for (int x = 0; x < image.Width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    row[(x * 3) + c] = image.Data[(((y * image.Width) + x) * 3) + 2 - c];
                }
            }

            writer.Write(row);
        }

        writer.Flush();
        return stream.ToArray();
    }
}
