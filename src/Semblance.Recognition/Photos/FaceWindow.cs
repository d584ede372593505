using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>
/// The part of an aligned crop that is face whatever hair, hat and background are around it: the rectangle of eyes and mouth, wider by half the
/// width or height on each side, as far as it lies within the crop.
/// </summary>
internal readonly record struct FaceWindow(int Left, int Top, int Right, int Bottom)
{
    private const int Grid = 16;

    public static FaceWindow Of(FaceLandmarks landmarks, SimilarityTransform toCrop, PixelBuffer crop)
    {
        Vector2[] points = [.. landmarks.ToPoints().Select(toCrop.Apply)];
        Vector2 low = points.Aggregate(Vector2.Min), high = points.Aggregate(Vector2.Max);
        Vector2 more = (high - low) / 2;
        int left = (int)Math.Clamp(low.X - more.X, 0, crop.Width - 1), top = (int)Math.Clamp(low.Y - more.Y, 0, crop.Height - 1);
        return new FaceWindow(
            left,
            top,
            (int)Math.Clamp(Math.Ceiling(high.X + more.X) + 1, left + 1, crop.Width),
            (int)Math.Clamp(Math.Ceiling(high.Y + more.Y) + 1, top + 1, crop.Height));
    }

    /// <summary>The share of the window that lies within the photo, in [0, 1], on a grid of points.</summary>
    public double ShareWithin(PixelBuffer photo, SimilarityTransform toCrop)
    {
        SimilarityTransform toPhoto = toCrop.Inverse;
        if (Corners().All(corner => IsWithin(photo, toPhoto.Apply(corner))))
        {
            return 1;
        }

        int inside = 0;
        for (int i = 0; i < Grid * Grid; i++)
        {
            var at = new Vector2(Left + ((i % Grid) + 0.5f) * (Right - Left) / Grid, Top + ((i / Grid) + 0.5f) * (Bottom - Top) / Grid);
            inside += IsWithin(photo, toPhoto.Apply(at - new Vector2(0.5f))) ? 1 : 0;
        }

        return (double)inside / (Grid * Grid);
    }

    private Vector2[] Corners() => [new(Left, Top), new(Right - 1, Top), new(Left, Bottom - 1), new(Right - 1, Bottom - 1)];

    private static bool IsWithin(PixelBuffer photo, Vector2 point) =>
        point.X >= -0.5f && point.Y >= -0.5f && point.X <= photo.Width - 0.5f && point.Y <= photo.Height - 0.5f;
}
