using Semblance.Numerics;

namespace Semblance.Data.Augmenting;

/// <summary>One drawn change of geometry: which part of the image the input shows, mirrored or not, turned or not.</summary>
/// <param name="Flip">Whether left and right are exchanged.</param>
/// <param name="Left">Left edge of the part shown, as a share of the image's width.</param>
/// <param name="Top">Top edge, as a share of the image's height.</param>
/// <param name="Width">Width of the part, as a share of the image's.</param>
/// <param name="Height">Height of the part, as a share of the image's.</param>
/// <param name="Angle">Rotation about the part's centre, in radians.</param>
internal readonly record struct Geometry(bool Flip, double Left, double Top, double Width, double Height, double Angle)
{
    /// <summary>Whether the whole image is shown upright, mirrored or not.</summary>
    public bool IsWhole => Width >= 1 && Height >= 1 && Angle == 0;

    /// <summary>Draws a geometry.</summary>
    public static Geometry Draw(AugmentationOptions options, ref CountedRandom random)
    {
        bool flip = random.NextBool(options.FlipProbability);
        double left = 0, top = 0, width = 1, height = 1, angle = 0;
        if (random.NextBool(options.CropProbability))
        {
            double area = random.NextDouble(options.CropMinArea, options.CropMaxArea);
            double stretch = Math.Log(options.CropAspect);
            double aspect = Math.Exp(random.NextDouble(-stretch, stretch));
            width = Math.Min(1, Math.Sqrt(area * aspect));
            height = Math.Min(1, Math.Sqrt(area / aspect));
            left = random.NextDouble(0, 1 - width);
            top = random.NextDouble(0, 1 - height);
        }

        if (random.NextBool(options.RotationProbability))
        {
            angle = random.NextDouble(-options.RotationDegrees, options.RotationDegrees) * (Math.PI / 180);
        }

        return new Geometry(flip, left, top, width, height, angle);
    }
}
