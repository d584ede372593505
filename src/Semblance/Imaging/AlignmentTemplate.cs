using System.Globalization;
using System.Numerics;

namespace Semblance.Imaging;

/// <summary>
/// Where the five points of a face come to lie in an aligned crop. Named by <see cref="PreprocessingContract.AlignmentTemplate"/>: "arcface-112"
/// (the numbers of the ArcFace paper's code), "arcface-N" (the same, scaled to N×N pixels, 32 to 1024), "sphereface-96x112", or the points
/// themselves as "points:WIDTHxHEIGHT:x,y,x,y,x,y,x,y,x,y" (left eye, right eye, nose, left and right mouth corner, as seen in the crop).
/// </summary>
/// <param name="Name">The name, as models carry it.</param>
/// <param name="Width">Width of the crop in pixels.</param>
/// <param name="Height">Height of the crop in pixels.</param>
/// <param name="Points">The five points in pixels of the crop.</param>
public sealed record AlignmentTemplate(string Name, int Width, int Height, FaceLandmarks Points)
{
    private const int ArcFaceSide = 112;
    private const int LargestSide = 1024;

    /// <summary>"arcface-112".</summary>
    public static AlignmentTemplate ArcFace { get; } = new(PreprocessingContract.ArcFaceTemplate, ArcFaceSide, ArcFaceSide, new FaceLandmarks(
        new Vector2(38.2946f, 51.6963f), new Vector2(73.5318f, 51.5014f), new Vector2(56.0252f, 71.7366f), new Vector2(41.5493f, 92.3655f), new Vector2(70.7299f, 92.2041f)));

    /// <summary>"sphereface-96x112": the ArcFace points moved 8 pixels to the left, in a crop that much narrower on both sides.</summary>
    public static AlignmentTemplate SphereFace { get; } = new("sphereface-96x112", 96, 112, Move(ArcFace.Points, 1, new Vector2(-8, 0)));

    /// <summary>Finds a template by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="source">Who names it, for messages, for example the model's file.</param>
    /// <exception cref="SemblanceException">The name is "none", unknown, or its numbers make no template.</exception>
    public static AlignmentTemplate Parse(string name, string source)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == ArcFace.Name)
        {
            return ArcFace;
        }

        if (name == SphereFace.Name)
        {
            return SphereFace;
        }

        if (name == "none")
        {
            throw new SemblanceException($"{source}: its alignment template is 'none': it takes crops as they are, and nobody knows how to cut them out of a photograph.");
        }

        if (name.StartsWith("points:", StringComparison.Ordinal))
        {
            return ParsePoints(name, source);
        }

        if (name.StartsWith("arcface-", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan("arcface-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 32 and <= LargestSide)
        {
            // Pixels are scaled, not their centres: the edges of the crop stay its edges.
            float scale = (float)side / ArcFaceSide;
            return new AlignmentTemplate(name, side, side, Move(ArcFace.Points, scale, new Vector2((scale - 1) / 2)));
        }

        throw new SemblanceException(
            $"{source}: the alignment template '{name}' is unknown; expected arcface-112, arcface-N (N from 32 to {LargestSide}), sphereface-96x112 or points:WIDTHxHEIGHT:x,y,… with five points.");
    }

    /// <summary>The transform from a photo to the crop: least squares over the five points, or over four where the mouth's corners are unknown.</summary>
    /// <param name="landmarks">The face's points in pixels of the photo.</param>
    /// <returns>The transform, or null where the points coincide.</returns>
    public SimilarityTransform? TransformFor(FaceLandmarks landmarks)
    {
        ArgumentNullException.ThrowIfNull(landmarks);
        return SimilarityTransform.Estimate(landmarks.ToPoints(), (Points with { HasMouthCorners = landmarks.HasMouthCorners }).ToPoints());
    }

    private static FaceLandmarks Move(FaceLandmarks points, float scale, Vector2 shift) => new(
        (points.LeftEye * scale) + shift, (points.RightEye * scale) + shift, (points.Nose * scale) + shift, (points.MouthLeft * scale) + shift, (points.MouthRight * scale) + shift);

    private static AlignmentTemplate ParsePoints(string name, string source)
    {
        string[] parts = name.Split(':');
        string[] size = parts.Length == 3 ? parts[1].Split('x') : [];
        if (size.Length != 2 || !Side(size[0], out int width) || !Side(size[1], out int height))
        {
            throw Wrong("it does not begin with points:WIDTHxHEIGHT: of 1 to 1024 pixels");
        }

        string[] numbers = parts[2].Split(',');
        float[] values = new float[10];
        if (numbers.Length != values.Length)
        {
            throw Wrong($"it has {numbers.Length} numbers after the size, five points have 10");
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.TryParse(numbers[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
            {
                throw Wrong($"'{numbers[i]}' is no number");
            }
        }

        Vector2 At(int i) => new(values[2 * i], values[(2 * i) + 1]);
        var template = new AlignmentTemplate(name, width, height, new FaceLandmarks(At(0), At(1), At(2), At(3), At(4)));
        return SimilarityTransform.Estimate(template.Points.ToPoints(), ArcFace.Points.ToPoints()) is null ? throw Wrong("its points coincide") : template;

        SemblanceException Wrong(string what) => new($"{source}: the alignment template '{name}' cannot be used: {what}.");

        static bool Side(string text, out int side) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= LargestSide;
    }
}
