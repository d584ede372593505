using System.Numerics;
using System.Runtime.InteropServices;
using Semblance.Imaging;
using Semblance.Numerics;
using Semblance.Recognition.Detection;
using SkiaSharp;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>Several real faces in one large picture, each scaled, rotated and put in a cell of its own, with where they are.</summary>
internal sealed class GroupPhoto
{
    /// <summary>The height of the face in a portrait of LFW, as detectors frame it.</summary>
    private const float PortraitFace = 136;

    /// <summary>The side of what is cut out of a portrait: the head.</summary>
    private const float Cut = 176;

    /// <summary>The face's middle in a portrait of LFW.</summary>
    private static readonly Vector2 PortraitCentre = new(125, 130);

    private GroupPhoto(PixelBuffer pixels, IReadOnlyList<(Vector2 Centre, float Height)> faces) => (Pixels, Faces) = (pixels, faces);

    public PixelBuffer Pixels { get; }

    public IReadOnlyList<(Vector2 Centre, float Height)> Faces { get; }

    public static GroupPhoto Compose(
        IReadOnlyList<PixelBuffer> portraits, int width, int height, int columns, int rows, float smallest, float largest, ulong seed)
    {
        var random = new CountedRandom(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        PaintRoom(canvas, width, height, random);
        var faces = new List<(Vector2, float)>();
        for (int i = 0; i < columns * rows; i++)
        {
            float size = smallest * MathF.Pow(largest / smallest, (float)random.NextDouble());
            float scale = size / PortraitFace, reach = Cut * scale / 2;
            float cellWidth = (float)width / columns, cellHeight = (float)height / rows;
            float roomX = Math.Max(0, (cellWidth / 2) - reach), roomY = Math.Max(0, (cellHeight / 2) - reach);
            var centre = new Vector2(
                (((i % columns) + 0.5f) * cellWidth) + (float)random.NextDouble(-roomX, roomX),
                (((i / columns) + 0.5f) * cellHeight) + (float)random.NextDouble(-roomY, roomY));
            canvas.Save();
            canvas.Translate(centre.X, centre.Y);
            canvas.RotateDegrees((float)random.NextDouble(-15, 15));
            canvas.Scale(scale);
            using SKBitmap portrait = ToBitmap(portraits[i]);
            using SKImage image = SKImage.FromBitmap(portrait);
            canvas.DrawImage(
                image,
                SKRect.Create(PortraitCentre.X - (Cut / 2), PortraitCentre.Y - (Cut / 2), Cut, Cut),
                SKRect.Create(-Cut / 2, -Cut / 2, Cut, Cut),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            canvas.Restore();
            faces.Add((centre, size));
        }

        canvas.Flush();
        return new GroupPhoto(ToPixels(bitmap), faces);
    }

    /// <summary>How many of the faces were found, and how many boxes are none of them.</summary>
    public (int Found, int Surplus) Count(IReadOnlyList<DetectedFace> detected)
    {
        int found = Faces.Count(face => detected.Any(d => Matches(d, face)));
        return (found, detected.Count(d => !Faces.Any(face => Matches(d, face))));
    }

    private static bool Matches(DetectedFace detected, (Vector2 Centre, float Height) face)
    {
        var middle = new Vector2((detected.Box.Left + detected.Box.Right) / 2, (detected.Box.Top + detected.Box.Bottom) / 2);
        return Vector2.Distance(middle, face.Centre) < 0.35f * face.Height
            && detected.Box.Height > 0.55f * face.Height && detected.Box.Height < 1.8f * face.Height;
    }

    private static void PaintRoom(SKCanvas canvas, int width, int height, CountedRandom random)
    {
        canvas.Clear(new SKColor(150, 140, 125));
        using var paint = new SKPaint { IsAntialias = true };
        for (int i = 0; i < 300; i++)
        {
            paint.Color = new SKColor((byte)random.NextInt(256), (byte)random.NextInt(256), (byte)random.NextInt(256), 60);
            var at = new SKPoint((float)random.NextDouble(0, width), (float)random.NextDouble(0, height));
            float size = (float)random.NextDouble(10, width / 10.0);
            if (i % 2 == 0)
            {
                canvas.DrawRect(at.X, at.Y, size, size / 2, paint);
            }
            else
            {
                canvas.DrawOval(at, new SKSize(size / 2, size / 3), paint);
            }
        }
    }

    private static SKBitmap ToBitmap(PixelBuffer pixels)
    {
        byte[] rgba = new byte[pixels.Width * pixels.Height * 4];
        for (int i = 0; i < pixels.Width * pixels.Height; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                rgba[(4 * i) + c] = pixels.Data[(i * pixels.Channels) + (pixels.Channels == 3 ? c : 0)];
            }

            rgba[(4 * i) + 3] = 255;
        }

        var bitmap = new SKBitmap(new SKImageInfo(pixels.Width, pixels.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        return bitmap;
    }

    private static PixelBuffer ToPixels(SKBitmap bitmap)
    {
        byte[] rgba = bitmap.Bytes;
        byte[] rgb = new byte[bitmap.Width * bitmap.Height * 3];
        for (int i = 0, to = 0; to < rgb.Length; i += 4, to += 3)
        {
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (rgba[i], rgba[i + 1], rgba[i + 2]);
        }

        return new PixelBuffer(bitmap.Width, bitmap.Height, 3, rgb);
    }
}
