using System.Numerics;

namespace Semblance.Imaging;

/// <summary>
/// Turns, scales uniformly and shifts, without mirroring: x' = a·x − b·y + tx, y' = b·x + a·y + ty. In pixels whose whole numbers are
/// the centres; y points down, so a positive angle turns clockwise as seen.
/// </summary>
/// <param name="A">Scale × cosine of the angle.</param>
/// <param name="B">Scale × sine of the angle.</param>
/// <param name="Tx">Shift to the right, after turning and scaling.</param>
/// <param name="Ty">Shift downwards, after turning and scaling.</param>
public readonly record struct SimilarityTransform(double A, double B, double Tx, double Ty)
{
    // Relative to the spread of the points: float coordinates of a large photo are good to about 1e-7 of their size.
    private const double Negligible = 1e-9;

    /// <summary>The transform that changes nothing.</summary>
    public static SimilarityTransform Identity { get; } = new(1, 0, 0, 0);

    /// <summary>By how much lengths grow; greater than 0 for every estimated transform.</summary>
    public double Scale => Math.Sqrt((A * A) + (B * B));

    /// <summary>The angle in degrees, (−180, 180], clockwise as seen.</summary>
    public double RotationDegrees => Math.Atan2(B, A) * 180 / Math.PI;

    /// <summary>Whether it has an inverse: all numbers finite and the scale above 0.</summary>
    public bool IsInvertible => double.IsFinite(Tx) && double.IsFinite(Ty) && double.IsFinite(Scale) && Scale > 0;

    /// <summary>
    /// The transform that brings points nearest to others, in the sense of the sum of squared distances. It is the solution of S. Umeyama
    /// (Least-squares estimation of transformation parameters between two point patterns, PAMI 13(4), 1991) in the plane, where restricting
    /// the rotation to one without reflection leaves a closed form: with the centred points as complex numbers p and q, a + ib = Σ p̄q / Σ |p|².
    /// </summary>
    /// <param name="from">At least two points.</param>
    /// <param name="to">As many points: where they should go.</param>
    /// <param name="transform">The transform; <see cref="Identity"/> where there is none.</param>
    /// <returns>False where the points determine no such transform: they coincide, are not finite, or one set is the mirror image of the other.</returns>
    /// <exception cref="ArgumentException">There are fewer than two points, or not as many of both.</exception>
    public static bool TryEstimate(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to, out SimilarityTransform transform)
    {
        if (from.Length < 2 || from.Length != to.Length)
        {
            throw new ArgumentException($"{from.Length} points to be brought to {to.Length}; expected two or more, and as many of both.", nameof(from));
        }

        (double fromX, double fromY) = Centre(from);
        (double toX, double toY) = Centre(to);
        double dot = 0, cross = 0, spread = 0, target = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double px = from[i].X - fromX, py = from[i].Y - fromY;
            double qx = to[i].X - toX, qy = to[i].Y - toY;
            dot += (px * qx) + (py * qy);
            cross += (px * qy) - (py * qx);
            spread += (px * px) + (py * py);
            target += (qx * qx) + (qy * qy);
        }

        transform = Identity;
        double agreement = Math.Sqrt((dot * dot) + (cross * cross));
        double size = Math.Max(Math.Abs(fromX), Math.Abs(fromY));
        if (!double.IsFinite(agreement) || !(spread > Negligible * Negligible * size * size) || !(agreement > Negligible * Math.Sqrt(spread * target)))
        {
            return false;
        }

        double a = dot / spread, b = cross / spread;
        transform = new SimilarityTransform(a, b, toX - ((a * fromX) - (b * fromY)), toY - ((b * fromX) + (a * fromY)));
        return transform.IsInvertible;
    }

    /// <summary>As <see cref="TryEstimate"/>, for points that are known to be good.</summary>
    /// <param name="from">At least two points.</param>
    /// <param name="to">As many points: where they should go.</param>
    /// <exception cref="ArgumentException">There are fewer than two points, or not as many of both.</exception>
    /// <exception cref="SemblanceException">The points determine no such transform.</exception>
    public static SimilarityTransform Estimate(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to) => TryEstimate(from, to, out SimilarityTransform transform)
        ? transform
        : throw new SemblanceException($"the {from.Length} points coincide, are not finite or are mirrored, so that no turning, scaling and shifting brings them to their targets.");

    /// <summary>Where a point goes.</summary>
    /// <param name="point">The point.</param>
    public Vector2 Apply(Vector2 point) => new(
        (float)((A * point.X) - (B * point.Y) + Tx),
        (float)((B * point.X) + (A * point.Y) + Ty));

    /// <summary>The transform that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">It has none: the scale is 0 or a number not finite.</exception>
    public SimilarityTransform Inverse()
    {
        if (!IsInvertible)
        {
            throw new InvalidOperationException($"{this} has no inverse.");
        }

        double square = (A * A) + (B * B);
        double a = A / square, b = -B / square;
        return new SimilarityTransform(a, b, -((a * Tx) - (b * Ty)), -((b * Tx) + (a * Ty)));
    }

    /// <summary>This transform, then another.</summary>
    /// <param name="next">What follows.</param>
    public SimilarityTransform Then(SimilarityTransform next) => new(
        (next.A * A) - (next.B * B),
        (next.B * A) + (next.A * B),
        (next.A * Tx) - (next.B * Ty) + next.Tx,
        (next.B * Tx) + (next.A * Ty) + next.Ty);

    private static (double X, double Y) Centre(ReadOnlySpan<Vector2> points)
    {
        double x = 0, y = 0;
        foreach (Vector2 point in points)
        {
            (x, y) = (x + point.X, y + point.Y);
        }

        return (x / points.Length, y / points.Length);
    }
}
