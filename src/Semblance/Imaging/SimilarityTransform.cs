using System.Numerics;

namespace Semblance.Imaging;

/// <summary>
/// Scale, rotation and shift of the plane: x′ = a·x − b·y + tx, y′ = b·x + a·y + ty. Coordinates are those of pixels, whole numbers being
/// the centres.
/// </summary>
/// <param name="A">Scale × cosine of the rotation.</param>
/// <param name="B">Scale × sine of the rotation.</param>
/// <param name="ShiftX">tx.</param>
/// <param name="ShiftY">ty.</param>
public readonly record struct SimilarityTransform(double A, double B, double ShiftX, double ShiftY)
{
    /// <summary>The transform that leaves everything where it is.</summary>
    public static SimilarityTransform Identity => new(1, 0, 0, 0);

    /// <summary>The factor by which lengths grow, above 0 unless the transform is degenerate.</summary>
    public double Scale => Math.Sqrt((A * A) + (B * B));

    /// <summary>The rotation in degrees, (−180, 180]; clockwise as seen in an image, whose y axis points down.</summary>
    public double RotationDegrees => Math.Atan2(B, A) * (180 / Math.PI);

    /// <summary>The transform that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">The scale is 0.</exception>
    public SimilarityTransform Inverse
    {
        get
        {
            double square = (A * A) + (B * B);
            if (!(square > 0))
            {
                throw new InvalidOperationException("a transform of scale 0 has no inverse.");
            }

            double a = A / square, b = -B / square;
            return new SimilarityTransform(a, b, -((a * ShiftX) - (b * ShiftY)), -((b * ShiftX) + (a * ShiftY)));
        }
    }

    /// <summary>
    /// The transform that brings points nearest to their targets in the least-squares sense, without reflection (Umeyama 1991, eqs. 40–42; in
    /// the plane it has this closed form).
    /// </summary>
    /// <param name="from">The points, two or more.</param>
    /// <param name="to">As many targets.</param>
    /// <returns>The transform, or null where the points coincide, are no finite numbers, or fit best at scale 0.</returns>
    /// <exception cref="ArgumentException">The numbers of points differ, or there are fewer than two.</exception>
    public static SimilarityTransform? Estimate(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        if (from.Length != to.Length || from.Length < 2)
        {
            throw new ArgumentException($"{from.Length} points for {to.Length} targets; expected two or more of each.", nameof(to));
        }

        double fromX = 0, fromY = 0, toX = 0, toY = 0;
        for (int i = 0; i < from.Length; i++)
        {
            (fromX, fromY, toX, toY) = (fromX + from[i].X, fromY + from[i].Y, toX + to[i].X, toY + to[i].Y);
        }

        int n = from.Length;
        (fromX, fromY, toX, toY) = (fromX / n, fromY / n, toX / n, toY / n);
        double dot = 0, cross = 0, square = 0;
        for (int i = 0; i < n; i++)
        {
            double x = from[i].X - fromX, y = from[i].Y - fromY, u = to[i].X - toX, v = to[i].Y - toY;
            dot += (x * u) + (y * v);
            cross += (x * v) - (y * u);
            square += (x * x) + (y * y);
        }

        double a = dot / square, b = cross / square;
        return square > 0 && double.IsFinite(a) && double.IsFinite(b) && (a != 0 || b != 0)
            ? new SimilarityTransform(a, b, toX - ((a * fromX) - (b * fromY)), toY - ((b * fromX) + (a * fromY)))
            : null;
    }

    /// <summary>Where a point goes.</summary>
    /// <param name="point">The point.</param>
    public Vector2 Apply(Vector2 point) =>
        new((float)((A * point.X) - (B * point.Y) + ShiftX), (float)((B * point.X) + (A * point.Y) + ShiftY));

    /// <summary>This transform, followed by another.</summary>
    /// <param name="next">What follows.</param>
    public SimilarityTransform Then(SimilarityTransform next) => new(
        (next.A * A) - (next.B * B),
        (next.B * A) + (next.A * B),
        (next.A * ShiftX) - (next.B * ShiftY) + next.ShiftX,
        (next.B * ShiftX) + (next.A * ShiftY) + next.ShiftY);
}
