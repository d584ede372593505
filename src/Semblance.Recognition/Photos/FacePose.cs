using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>
/// How a head is turned, in degrees, from the five points of alignment or the four with the mouth's centre. The points of a mean head are
/// brought to those of the photo by scaled orthographic projection (the first step of D. F. DeMenthon and L. S. Davis, Model-based object pose
/// in 25 lines of code, IJCV 15, 1995): a least-squares 2×3 matrix, then the nearest one of a rotation. The rotation is Rz(roll)·Ry(yaw)·Rx(pitch).
/// </summary>
/// <remarks>
/// Heads differ: a longer nose looks like more yaw and pitch, a longer face like less pitch, and beyond about 50° landmark models themselves
/// guess. Within that the angles are good to some 5° to 10°: enough to refuse profiles, not to measure heads. Perspective is ignored, which
/// shows in selfies at arm's length.
/// </remarks>
/// <param name="Yaw">Positive where the face looks to the right of the photo.</param>
/// <param name="Pitch">Positive where it looks down.</param>
/// <param name="Roll">Positive where the head is tilted clockwise as seen, so that the eye on the right of the photo is the lower one.</param>
public readonly record struct FacePose(double Yaw, double Pitch, double Roll)
{
    // The mean head in distances of the eyes, x to the right, y down, z away from the camera: the rigid shape that fits the five points of
    // the 13,233 photos of LFW best when each photo has a rotation and scale of its own (factorisation by alternating least squares,
    // symmetric, the median pitch taken for 0). The nose stands out by 0.54, which at 63 mm between the eyes is 34 mm.
    private static readonly Vector3[] Five =
        [new(-0.5f, -0.540f, 0.054f), new(0.5f, -0.540f, 0.054f), new(0, 0.021f, -0.492f), new(-0.401f, 0.530f, 0.192f), new(0.401f, 0.530f, 0.192f)];

    private static readonly double[,] FromFive = PseudoInverse(Five);
    private static readonly double[,] FromFour = PseudoInverse([Five[0], Five[1], Five[2], (Five[3] + Five[4]) / 2]);

    /// <summary>Estimates the pose.</summary>
    /// <param name="landmarks">The face's points.</param>
    /// <returns>The pose; a yaw of 90 where the points lie on one line, as those of a profile nearly do.</returns>
    public static FacePose Of(FaceLandmarks landmarks)
    {
        ArgumentNullException.ThrowIfNull(landmarks);
        double[,] inverse = landmarks.HasMouthCorners ? FromFive : FromFour;
        Span<double> x = stackalloc double[3], y = stackalloc double[3];
        x.Clear();
        y.Clear();
        Vector2[] points = landmarks.ToPoints();
        for (int i = 0; i < points.Length; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                x[k] += points[i].X * inverse[i, k];
                y[k] += points[i].Y * inverse[i, k];
            }
        }

        return FromRows(x, y);
    }

    /// <summary>The nearest rotation (times a scale) of the two rows M is (MMᵀ)^(−1/2)·M, whose 2×2 root has a closed form.</summary>
    private static FacePose FromRows(Span<double> x, Span<double> y)
    {
        double xx = Dot(x, x), xy = Dot(x, y), yy = Dot(y, y);
        double root = Math.Sqrt(Math.Max(0, (xx * yy) - (xy * xy)));
        if (!(root > 1e-6 * (xx + yy)))
        {
            return new FacePose(90, 0, 0);
        }

        // The root of MMᵀ is (MMᵀ + √det)/t; its inverse the adjugate over its determinant, √det. The factor 1/(t·√det) is common to both rows.
        double common = 1 / (Math.Sqrt(xx + yy + (2 * root)) * root);
        Span<double> right = stackalloc double[3], down = stackalloc double[3];
        for (int k = 0; k < 3; k++)
        {
            right[k] = common * (((yy + root) * x[k]) - (xy * y[k]));
            down[k] = common * (((xx + root) * y[k]) - (xy * x[k]));
        }

        // The face looks along −z of the head; what the camera sees of that is minus the third column of the rotation.
        double away = (right[0] * down[1]) - (right[1] * down[0]);
        double roll = Math.Atan2(down[0], right[0]);
        double aside = (-right[2] * Math.Cos(roll)) - (down[2] * Math.Sin(roll)), lowered = (right[2] * Math.Sin(roll)) - (down[2] * Math.Cos(roll));
        return new FacePose(Degrees(Math.Atan2(aside, away)), Degrees(Math.Asin(Math.Clamp(lowered, -1, 1))), Degrees(roll));
    }

    private static double Dot(Span<double> a, Span<double> b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double Degrees(double radians) => radians * (180 / Math.PI);

    /// <summary>S(SᵀS)⁻¹ of the centred points S: what the photo's points are multiplied by, whose own centre then does not matter.</summary>
    private static double[,] PseudoInverse(Vector3[] points)
    {
        Vector3 centre = points.Aggregate(Vector3.Zero, (sum, p) => sum + p) / points.Length;
        double[][] s = [.. points.Select(p => p - centre).Select(p => new double[] { p.X, p.Y, p.Z })];
        double G(int i, int j) => s.Sum(p => p[i] * p[j]);
        double xx = G(0, 0), yy = G(1, 1), zz = G(2, 2), xy = G(0, 1), xz = G(0, 2), yz = G(1, 2);
        double[,] adjugate =
        {
            { (yy * zz) - (yz * yz), (xz * yz) - (xy * zz), (xy * yz) - (xz * yy) },
            { (xz * yz) - (xy * zz), (xx * zz) - (xz * xz), (xy * xz) - (xx * yz) },
            { (xy * yz) - (xz * yy), (xy * xz) - (xx * yz), (xx * yy) - (xy * xy) },
        };
        double determinant = (xx * adjugate[0, 0]) + (xy * adjugate[1, 0]) + (xz * adjugate[2, 0]);
        double[,] result = new double[points.Length, 3];
        for (int i = 0; i < points.Length; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                result[i, k] = ((s[i][0] * adjugate[0, k]) + (s[i][1] * adjugate[1, k]) + (s[i][2] * adjugate[2, k])) / determinant;
            }
        }

        return result;
    }
}
