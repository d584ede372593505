using System.Numerics;

namespace Semblance.Imaging;

/// <summary>
/// Cuts an aligned crop out of a photo: bilinear between the nearest four pixels, black outside the photo. Where the crop is less than half as
/// fine as the photo, the region that it needs is first shrunk by area averaging, so that no pixel is skipped.
/// </summary>
public static class FaceWarp
{
    private const double CoarsestDirect = 0.5;

    /// <summary>Cuts out a crop.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="toCrop">From pixels of the photo to pixels of the crop; its scale is above 0.</param>
    /// <param name="width">Width of the crop in pixels, at least 1.</param>
    /// <param name="height">Height of the crop in pixels, at least 1.</param>
    /// <returns>The crop, with as many channels as the photo.</returns>
    public static PixelBuffer Crop(PixelBuffer photo, SimilarityTransform toCrop, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        SimilarityTransform toPhoto = toCrop.Inverse;
        if (toCrop.Scale < CoarsestDirect)
        {
            (photo, toPhoto) = Shrink(photo, toPhoto, toCrop.Scale, width, height);
        }

        byte[] crop = new byte[width * height * photo.Channels];
        if (photo.Channels == 1)
        {
            FillGrey(photo, toPhoto, width, height, crop);
        }
        else
        {
            FillColour(photo, toPhoto, width, height, crop);
        }

        return new PixelBuffer(width, height, photo.Channels, crop);
    }

    private static (PixelBuffer Photo, SimilarityTransform ToPhoto) Shrink(PixelBuffer photo, SimilarityTransform toPhoto, double scale, int width, int height)
    {
        Vector2[] corners = [toPhoto.Apply(new(-1, -1)), toPhoto.Apply(new(width, -1)), toPhoto.Apply(new(-1, height)), toPhoto.Apply(new(width, height))];
        int left = (int)Math.Clamp(Math.Floor(corners.Min(c => (double)c.X)), 0, photo.Width - 1);
        int top = (int)Math.Clamp(Math.Floor(corners.Min(c => (double)c.Y)), 0, photo.Height - 1);
        int right = (int)Math.Clamp(Math.Ceiling(corners.Max(c => (double)c.X)), left, photo.Width - 1);
        int bottom = (int)Math.Clamp(Math.Ceiling(corners.Max(c => (double)c.Y)), top, photo.Height - 1);
        int regionWidth = right - left + 1, regionHeight = bottom - top + 1;
        var region = new byte[regionWidth * regionHeight * photo.Channels];
        for (int y = 0; y < regionHeight; y++)
        {
            photo.Data.AsSpan((((top + y) * photo.Width) + left) * photo.Channels, regionWidth * photo.Channels).CopyTo(region.AsSpan(y * regionWidth * photo.Channels));
        }

        int smallWidth = Math.Max(1, (int)Math.Round(regionWidth * scale)), smallHeight = Math.Max(1, (int)Math.Round(regionHeight * scale));
        PixelBuffer small = ImageResizer.Resize(new PixelBuffer(regionWidth, regionHeight, photo.Channels, region), smallWidth, smallHeight);

        // One factor for both directions; that of the larger side is the more exact. Edges map to edges: x′ = (x − left + ½)·f − ½.
        double factor = regionWidth >= regionHeight ? (double)smallWidth / regionWidth : (double)smallHeight / regionHeight;
        return (small, new SimilarityTransform(
            toPhoto.A * factor, toPhoto.B * factor, ((toPhoto.ShiftX - left + 0.5) * factor) - 0.5, ((toPhoto.ShiftY - top + 0.5) * factor) - 0.5));
    }

    private static void FillGrey(PixelBuffer photo, SimilarityTransform toPhoto, int width, int height, byte[] crop)
    {
        byte[] data = photo.Data;
        int stride = photo.Width;
        float a = (float)toPhoto.A, b = (float)toPhoto.B;
        for (int v = 0, at = 0; v < height; v++)
        {
            float startX = (float)(toPhoto.ShiftX - (toPhoto.B * v)), startY = (float)(toPhoto.ShiftY + (toPhoto.A * v));
            for (int u = 0; u < width; u++, at++)
            {
                float x = startX + (a * u), y = startY + (b * u);
                int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
                float fx = x - left, fy = y - top;
                if ((uint)left < (uint)(photo.Width - 1) && (uint)top < (uint)(photo.Height - 1))
                {
                    int i = (top * stride) + left;
                    float upper = data[i] + (fx * (data[i + 1] - data[i]));
                    float lower = data[i + stride] + (fx * (data[i + stride + 1] - data[i + stride]));
                    crop[at] = (byte)(upper + (fy * (lower - upper)) + 0.5f);
                }
                else
                {
                    crop[at] = AtBorder(photo, left, top, fx, fy, 0);
                }
            }
        }
    }

    private static void FillColour(PixelBuffer photo, SimilarityTransform toPhoto, int width, int height, byte[] crop)
    {
        byte[] data = photo.Data;
        int stride = photo.Width * 3;
        float a = (float)toPhoto.A, b = (float)toPhoto.B;
        for (int v = 0, at = 0; v < height; v++)
        {
            float startX = (float)(toPhoto.ShiftX - (toPhoto.B * v)), startY = (float)(toPhoto.ShiftY + (toPhoto.A * v));
            for (int u = 0; u < width; u++, at += 3)
            {
                float x = startX + (a * u), y = startY + (b * u);
                int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
                float fx = x - left, fy = y - top;
                bool inside = (uint)left < (uint)(photo.Width - 1) && (uint)top < (uint)(photo.Height - 1);
                for (int c = 0; c < 3; c++)
                {
                    if (inside)
                    {
                        int i = (top * stride) + (left * 3) + c;
                        float upper = data[i] + (fx * (data[i + 3] - data[i]));
                        float lower = data[i + stride] + (fx * (data[i + stride + 3] - data[i + stride]));
                        crop[at + c] = (byte)(upper + (fy * (lower - upper)) + 0.5f);
                    }
                    else
                    {
                        crop[at + c] = AtBorder(photo, left, top, fx, fy, c);
                    }
                }
            }
        }
    }

    private static byte AtBorder(PixelBuffer photo, int left, int top, float fx, float fy, int channel)
    {
        float upper = (Pixel(left, top) * (1 - fx)) + (Pixel(left + 1, top) * fx);
        float lower = (Pixel(left, top + 1) * (1 - fx)) + (Pixel(left + 1, top + 1) * fx);
        return (byte)((upper * (1 - fy)) + (lower * fy) + 0.5f);

        float Pixel(int x, int y) => (uint)x < (uint)photo.Width && (uint)y < (uint)photo.Height
            ? photo.Data[(((y * photo.Width) + x) * photo.Channels) + channel]
            : 0;
    }
}
