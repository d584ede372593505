using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Frames;

/// <summary>
/// How a photo (or a part of it) lies in a model's frame: frame = photo × scale + offset. Both sides in continuous coordinates whose whole
/// numbers are the edges of pixels: a photo of width W spans 0…W, its first pixel's centre is 0.5.
/// </summary>
/// <param name="Width">The frame's width in pixels.</param>
/// <param name="Height">The frame's height in pixels.</param>
/// <param name="Scale">Frame pixels per photo pixel; greater than 0.</param>
/// <param name="OffsetX">Where the photo's left edge falls in the frame.</param>
/// <param name="OffsetY">Where the photo's upper edge falls in the frame.</param>
internal readonly record struct Letterbox(int Width, int Height, float Scale, float OffsetX, float OffsetY)
{
    /// <summary>The whole photo as large as fits.</summary>
    /// <param name="photoWidth">The photo's width.</param>
    /// <param name="photoHeight">The photo's height.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <param name="centred">True puts the photo in the middle, false at the top left.</param>
    /// <param name="maxScale">The most that a small photo is enlarged.</param>
    public static Letterbox Fit(int photoWidth, int photoHeight, int width, int height, bool centred, float maxScale = float.PositiveInfinity)
    {
        float scale = Math.Min(maxScale, Math.Min((float)width / photoWidth, (float)height / photoHeight));
        return centred
            ? new Letterbox(width, height, scale, (width - (photoWidth * scale)) / 2, (height - (photoHeight * scale)) / 2)
            : new Letterbox(width, height, scale, 0, 0);
    }

    /// <summary>The part of a photo that starts at a point and fills the frame.</summary>
    public static Letterbox At(float left, float top, float scale, int width, int height) =>
        new(width, height, scale, -left * scale, -top * scale);

    /// <summary>The same view of a copy of the photo that was reduced by a whole factor.</summary>
    public Letterbox OfReduced(int factor) => this with { Scale = Scale * factor };

    /// <summary>A point of the photo in the frame.</summary>
    public Vector2 ToFrame(Vector2 photo) => (photo * Scale) + new Vector2(OffsetX, OffsetY);

    /// <summary>A point of the frame in the photo.</summary>
    public Vector2 ToPhoto(Vector2 frame) => (frame - new Vector2(OffsetX, OffsetY)) / Scale;

    /// <summary>A box of the frame in the photo.</summary>
    public FaceBox ToPhoto(FaceBox frame)
    {
        Vector2 from = ToPhoto(new Vector2(frame.Left, frame.Top));
        Vector2 to = ToPhoto(new Vector2(frame.Right, frame.Bottom));
        return new FaceBox(from.X, from.Y, to.X, to.Y);
    }
}
