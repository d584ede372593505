namespace Semblance.Imaging;

/// <summary>An upright rectangle around a face, in pixels of the photo as it is seen (after its EXIF orientation). May reach over the border.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge, at least <paramref name="Left"/>.</param>
/// <param name="Bottom">The lower edge, at least <paramref name="Top"/>.</param>
public readonly record struct FaceBox(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Right − left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom − top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width × height; 0 where either is negative.</summary>
    public float Area => Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>Intersection over union with another box, in [0, 1]; 0 where both are empty.</summary>
    /// <param name="other">The other box.</param>
    public float IntersectionOverUnion(FaceBox other)
    {
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        float height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        float shared = Math.Max(0, width) * Math.Max(0, height);
        float union = Area + other.Area - shared;
        return union > 0 ? shared / union : 0;
    }
}
