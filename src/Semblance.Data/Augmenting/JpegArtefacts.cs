using System.Runtime.InteropServices;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data.Augmenting;

/// <summary>Codes planes as a JPEG and decodes them again, for the blocks and rings this leaves.</summary>
internal static class JpegArtefacts
{
    /// <summary>Replaces the planes by what a JPEG keeps of them.</summary>
    /// <param name="planes">One or three planes of values 0…255.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="quality">1 to 100.</param>
    public static void Apply(Span<float> planes, int channels, int width, int height, int quality)
    {
        int plane = width * height;
        int pixelBytes = channels == 1 ? 1 : 4;
        byte[] pixels = new byte[plane * pixelBytes];
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> values = planes.Slice(c * plane, plane);
            for (int i = 0; i < values.Length; i++)
            {
                pixels[(i * pixelBytes) + c] = (byte)(values[i] + 0.5f);
            }
        }

        PixelBuffer decoded = ImageDecoder.Decode(Encode(pixels, channels, width, height, quality), "augmentation");
        for (int c = 0; c < channels; c++)
        {
            Span<float> values = planes.Slice(c * plane, plane);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = decoded.Data[(i * channels) + c];
            }
        }
    }

    private static byte[] Encode(byte[] pixels, int channels, int width, int height, int quality)
    {
        GCHandle pin = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            var info = new SKImageInfo(width, height, channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var map = new SKPixmap(info, pin.AddrOfPinnedObject());
            using SKData? data = map.Encode(SKEncodedImageFormat.Jpeg, quality);
            return data?.ToArray() ?? throw new SemblanceException($"an image of {width}×{height} pixels cannot be coded as JPEG; set augmentation.jpeg_probability to 0.");
        }
        finally
        {
            pin.Free();
        }
    }
}
