using System.Runtime.InteropServices;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data;

/// <summary>Codes images as JPEG or PNG, by Skia.</summary>
public static class ImageEncoder
{
    /// <summary>Codes as JPEG; grey images stay grey.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">From 1 to 100.</param>
    public static byte[] Jpeg(PixelBuffer image, int quality = 95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return Encode(image, SKEncodedImageFormat.Jpeg, quality);
    }

    /// <summary>Codes as PNG, without loss.</summary>
    /// <param name="image">The image.</param>
    public static byte[] Png(PixelBuffer image) => Encode(image, SKEncodedImageFormat.Png, 100);

    private static byte[] Encode(PixelBuffer image, SKEncodedImageFormat format, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = image.Channels == 1 ? image.Data : WithAlpha(image);
        GCHandle pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(image.Width, image.Height, image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var map = new SKPixmap(info, pin.AddrOfPinnedObject());
            using SKData? data = map.Encode(format, quality);
            return data?.ToArray() ?? throw new SemblanceException($"an image of {image.Width}×{image.Height} pixels cannot be coded as {format}.");
        }
        finally
        {
            pin.Free();
        }
    }

    private static byte[] WithAlpha(PixelBuffer image)
    {
        byte[] pixels = new byte[image.Width * image.Height * 4];
        for (int from = 0, to = 0; to < pixels.Length; from += 3, to += 4)
        {
            (pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]) = (image.Data[from], image.Data[from + 1], image.Data[from + 2], 255);
        }

        return pixels;
    }
}
