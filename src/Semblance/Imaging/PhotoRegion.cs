using System.Numerics;

namespace Semblance.Imaging;

/// <summary>Whole pixels of a photo, the right and lower ends not included.</summary>
internal readonly record struct PhotoRegion(int Left, int Top, int Right, int Bottom)
{
    /// <summary>The pixels that a crop shows, with what its bilinear samples and averaged blocks reach beyond; null where it shows none of the photo.</summary>
    public static PhotoRegion? Under(SimilarityTransform toPhoto, int width, int height, PixelBuffer photo)
    {
        double margin = 2 * toPhoto.Scale;
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        ReadOnlySpan<Vector2> corners = [new(0, 0), new(width - 1, 0), new(0, height - 1), new(width - 1, height - 1)];
        foreach (Vector2 corner in corners)
        {
            double x = (toPhoto.A * corner.X) - (toPhoto.B * corner.Y) + toPhoto.ShiftX;
            double y = (toPhoto.B * corner.X) + (toPhoto.A * corner.Y) + toPhoto.ShiftY;
            (left, right) = (Math.Min(left, x - margin), Math.Max(right, x + margin));
            (top, bottom) = (Math.Min(top, y - margin), Math.Max(bottom, y + margin));
        }

        var region = new PhotoRegion(
            (int)Math.Clamp(Math.Floor(left), 0, photo.Width),
            (int)Math.Clamp(Math.Floor(top), 0, photo.Height),
            (int)Math.Clamp(Math.Ceiling(right) + 1, 0, photo.Width),
            (int)Math.Clamp(Math.Ceiling(bottom) + 1, 0, photo.Height));
        return region.Left < region.Right && region.Top < region.Bottom ? region : null;
    }
}
