using System.Runtime.InteropServices;
using Semblance.Data.Decoding;
using Semblance.Imaging;
using SkiaSharp;

namespace Semblance.Data;

/// <summary>
/// Decodes JPEG, PNG, WebP and BMP (by Skia) and PGM/PPM (P2, P3, P5, P6). Grey files stay one channel; transparency is composed on white;
/// the EXIF orientation is applied; embedded colour profiles are ignored. What is damaged, cut short or enormous is refused.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Images with more pixels than this are refused from their header alone: 100 megapixels.</summary>
    public const long MaxPixels = 100_000_000;

    private static readonly HashSet<string> Extensions =
        new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".pgm", ".ppm", ".pnm" };

    /// <summary>Whether a file name ends like an image of a format that can be decoded.</summary>
    /// <param name="path">A file name or path.</param>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>Decodes an image file on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UnreadableImageException">It is missing, cannot be read or does not decode.</exception>
    public static PixelBuffer DecodeFile(string path) => Decode(Sources.FileReader.Read(path, path), path);

    /// <summary>Decodes an image.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="UnreadableImageException">It is no image, damaged, cut short, or has more than <see cref="MaxPixels"/> pixels.</exception>
    public static PixelBuffer Decode(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(name);
        if (bytes.Length == 0)
        {
            throw new UnreadableImageException(name, "the file is empty");
        }

        if (PortableAnymap.Recognises(bytes))
        {
            return PortableAnymap.Read(bytes, name);
        }

        if (!ImageSignature.IsKnown(bytes))
        {
            throw new UnreadableImageException(name, "not an image (JPEG, PNG, WebP, BMP, PGM or PPM expected)");
        }

        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            throw new UnreadableImageException(name, "the image header is damaged or cut short");
        }

        RefuseEnormous(codec.Info.Width, codec.Info.Height, name);
        PixelBuffer pixels = codec.Info.ColorType == SKColorType.Gray8 ? DecodeGrey(codec, name) : DecodeColour(codec, name);
        return ExifOrientation.Apply(pixels, codec.EncodedOrigin);
    }

    internal static void RefuseEnormous(long width, long height, string name)
    {
        if (width * height > MaxPixels)
        {
            throw new UnreadableImageException(name, $"{width}×{height} pixels are more than the {MaxPixels / 1_000_000} megapixels that are read");
        }
    }

    private static PixelBuffer DecodeGrey(SKCodec codec, string name)
    {
        int width = codec.Info.Width, height = codec.Info.Height;
        byte[] grey = new byte[width * height];
        GetPixels(codec, new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), grey, name);
        return new PixelBuffer(width, height, 1, grey);
    }

    private static PixelBuffer DecodeColour(SKCodec codec, string name)
    {
        int width = codec.Info.Width, height = codec.Info.Height;
        bool opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        byte[] rgba = new byte[width * height * 4];
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        GetPixels(codec, info, rgba, name);
        byte[] rgb = new byte[width * height * 3];
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += 3)
        {
            int alpha = opaque ? 255 : rgba[from + 3];
            int white = (255 - alpha) * 255;
            rgb[to] = (byte)(((rgba[from] * alpha) + white + 127) / 255);
            rgb[to + 1] = (byte)(((rgba[from + 1] * alpha) + white + 127) / 255);
            rgb[to + 2] = (byte)(((rgba[from + 2] * alpha) + white + 127) / 255);
        }

        return new PixelBuffer(width, height, 3, rgb);
    }

    private static void GetPixels(SKCodec codec, SKImageInfo info, byte[] target, string name)
    {
        GCHandle pin = GCHandle.Alloc(target, GCHandleType.Pinned);
        SKCodecResult result;
        try
        {
            result = codec.GetPixels(info, pin.AddrOfPinnedObject());
        }
        finally
        {
            pin.Free();
        }

        if (result != SKCodecResult.Success)
        {
            throw new UnreadableImageException(name, result == SKCodecResult.IncompleteInput
                ? "the image is cut short"
                : $"the image is damaged ({result})");
        }
    }
}
