using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Semblance.Imaging;

/// <summary>
/// Where a face's points lie in an aligned crop of a certain size. A template has a name, which travels in a model's
/// <see cref="PreprocessingContract.AlignmentTemplate"/>; a custom one is written out in that text:
/// <c>custom:WIDTHxHEIGHT:x,y;x,y;x,y;x,y;x,y</c> (left eye, right eye, nose, left and right corner of the mouth, as seen in the photo).
/// </summary>
public sealed partial class AlignmentTemplate
{
    /// <summary>What a model's metadata says where its crops are not aligned.</summary>
    public const string None = "none";

    /// <summary>The smallest width and height of a crop.</summary>
    public const int SmallestSide = 16;

    /// <summary>The largest width and height of a crop.</summary>
    public const int LargestSide = 1024;

    private const int ArcFaceSide = 112;
    private const string ArcFacePrefix = "arcface-";
    private const string CustomPrefix = "custom:";
    private const string SphereFaceName = "sphereface-96x112";

    // The points of InsightFace's alignment (Deng et al., ArcFace, CVPR 2019), which are those of SphereFace moved by 8 pixels to the right.
    private static readonly Vector2[] ArcFacePoints =
        [new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f)];

    // The 96×112 crops of SphereFace (Liu et al., CVPR 2017), CosFace and other models trained with its preprocessing.
    private static readonly Vector2[] SphereFacePoints =
        [new(30.2946f, 51.6963f), new(65.5318f, 51.5014f), new(48.0252f, 71.7366f), new(33.5493f, 92.3655f), new(62.7299f, 92.2041f)];

    private readonly Vector2[] _five;
    private readonly Vector2[] _four;

    private AlignmentTemplate(string name, int width, int height, Vector2[] points)
    {
        (Name, Width, Height, _five) = (name, width, height, points);
        Points = new FaceLandmarks(points[0], points[1], points[2], points[3], points[4]);
        _four = [points[0], points[1], points[2], Points.MouthCentre];
    }

    /// <summary>The template of the ArcFace paper's code, 112×112.</summary>
    public static AlignmentTemplate ArcFace { get; } = new(PreprocessingContract.ArcFaceTemplate, ArcFaceSide, ArcFaceSide, ArcFacePoints);

    /// <summary>The template of SphereFace and CosFace, 96 wide and 112 high.</summary>
    public static AlignmentTemplate SphereFace { get; } = new(SphereFaceName, 96, 112, SphereFacePoints);

    /// <summary>How templates may be named, for help and messages.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = [PreprocessingContract.ArcFaceTemplate, "arcface-128", "arcface-160", "arcface-224", SphereFaceName];

    /// <summary>The name, as <see cref="Parse"/> reads it back.</summary>
    public string Name { get; }

    /// <summary>Width of the crop in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the crop in pixels.</summary>
    public int Height { get; }

    /// <summary>The points in pixels of the crop.</summary>
    public FaceLandmarks Points { get; }

    /// <summary>The ArcFace template at another size: the same part of the face in more or fewer pixels.</summary>
    /// <param name="side">Width and height, from 16 to 1024.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is out of range.</exception>
    public static AlignmentTemplate ArcFaceOf(int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, LargestSide);
        return side == ArcFaceSide ? ArcFace : Named(ArcFacePrefix + Text(side), side, side, Scaled(ArcFacePoints, (float)side / ArcFaceSide));
    }

    /// <summary>A template of one's own.</summary>
    /// <param name="width">Width of the crop, from 16 to 1024.</param>
    /// <param name="height">Height of the crop, from 16 to 1024.</param>
    /// <param name="points">Five points inside the crop, the eyes in their order from left to right and above the mouth.</param>
    /// <exception cref="UsageException">The size or the points have no sense.</exception>
    public static AlignmentTemplate Custom(int width, int height, FaceLandmarks points)
    {
        ArgumentNullException.ThrowIfNull(points);
        Vector2[] list = [points.LeftEye, points.RightEye, points.Nose, points.MouthLeft, points.MouthRight];
        string name = $"{CustomPrefix}{Text(width)}x{Text(height)}:{string.Join(';', list.Select(p => $"{Text(p.X)},{Text(p.Y)}"))}";
        return Checked(name, width, height, list);
    }

    /// <summary>The template of a name or of a custom template's text.</summary>
    /// <param name="text">As <see cref="Name"/> gives it: one of <see cref="KnownNames"/>, arcface-SIZE, or a custom template.</param>
    /// <exception cref="UsageException">There is no such template, it is written wrongly, or the text says that crops are not aligned.</exception>
    public static AlignmentTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text is PreprocessingContract.ArcFaceTemplate)
        {
            return ArcFace;
        }

        if (text is SphereFaceName)
        {
            return SphereFace;
        }

        if (text is None)
        {
            throw new UsageException($"the alignment template is '{None}': faces are not aligned for this model, so it takes crops as they are, no photographs.");
        }

        if (text.StartsWith(CustomPrefix, StringComparison.Ordinal))
        {
            return ParseCustom(text);
        }

        if (ArcFaceSize().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int side))
        {
            return side is >= SmallestSide and <= LargestSide
                ? ArcFaceOf(side)
                : throw new UsageException($"alignment template '{text}': its size is {side}; expected {SmallestSide} to {LargestSide}.");
        }

        throw new UsageException($"alignment template '{text}' is unknown; {NameSuggestion.Sentence(text, KnownNames)}");
    }

    /// <summary>The same part of the face in another number of pixels.</summary>
    /// <param name="factor">By how much the sides grow; they must come out whole and within range.</param>
    /// <exception cref="UsageException">A side does not come out whole, or out of range.</exception>
    public AlignmentTemplate ScaledBy(double factor)
    {
        double width = Width * factor, height = Height * factor;
        if (!(Math.Abs(width - Math.Round(width)) < 1e-6 && Math.Abs(height - Math.Round(height)) < 1e-6))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{Name} times {factor} has {width}×{height} pixels; expected whole numbers."));
        }

        (int w, int h) = ((int)Math.Round(width), (int)Math.Round(height));
        if (Name.StartsWith(ArcFacePrefix, StringComparison.Ordinal) && w is >= SmallestSide and <= LargestSide)
        {
            return ArcFaceOf(w);
        }

        Vector2[] p = Scaled(_five, (float)factor);
        return Custom(w, h, new FaceLandmarks(p[0], p[1], p[2], p[3], p[4]));
    }

    /// <summary>The transform from the photo to the crop that brings a face's points nearest to the template's: all five, or four where the mouth's centre alone is known.</summary>
    /// <param name="face">The points in pixels of the photo.</param>
    /// <param name="transform">The transform; the identity where there is none.</param>
    /// <returns>False where the points coincide, are not finite or are mirrored.</returns>
    public bool TryAlign(FaceLandmarks face, out SimilarityTransform transform)
    {
        ArgumentNullException.ThrowIfNull(face);
        return SimilarityTransform.TryEstimate(face.ToPoints(), face.HasMouthCorners ? _five : _four, out transform);
    }

    /// <summary>As <see cref="TryAlign"/>, for points that are known to be good.</summary>
    /// <param name="face">The points in pixels of the photo.</param>
    /// <exception cref="SemblanceException">The points coincide, are not finite or are mirrored.</exception>
    public SimilarityTransform Align(FaceLandmarks face)
    {
        ArgumentNullException.ThrowIfNull(face);
        return SimilarityTransform.Estimate(face.ToPoints(), face.HasMouthCorners ? _five : _four);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    [GeneratedRegex(@"^arcface-([1-9][0-9]{0,5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ArcFaceSize();

    [GeneratedRegex(@"^custom:([1-9][0-9]{0,5})x([1-9][0-9]{0,5}):(.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex CustomShape();

    private static AlignmentTemplate ParseCustom(string text)
    {
        const string Expected = "expected custom:WIDTHxHEIGHT:x,y;x,y;x,y;x,y;x,y (left eye, right eye, nose, left and right corner of the mouth)";
        Match match = CustomShape().Match(text);
        string[] points = match.Success ? match.Groups[3].Value.Split(';') : [];
        if (points.Length != 5)
        {
            throw new UsageException($"alignment template '{text}' is written wrongly; {Expected}.");
        }

        var parsed = new Vector2[5];
        for (int i = 0; i < 5; i++)
        {
            string[] numbers = points[i].Split(',');
            if (numbers.Length != 2 || !TryNumber(numbers[0], out float x) || !TryNumber(numbers[1], out float y))
            {
                throw new UsageException($"alignment template '{text}': point {i + 1} is '{points[i]}'; {Expected}.");
            }

            parsed[i] = new Vector2(x, y);
        }

        int width = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), height = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return Custom(width, height, new FaceLandmarks(parsed[0], parsed[1], parsed[2], parsed[3], parsed[4]));
    }

    private static bool TryNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static AlignmentTemplate Checked(string name, int width, int height, Vector2[] points)
    {
        if (width is < SmallestSide or > LargestSide || height is < SmallestSide or > LargestSide)
        {
            throw new UsageException($"alignment template '{name}': its size is {width}×{height}; expected sides of {SmallestSide} to {LargestSide}.");
        }

        if (points.Any(p => !(p.X >= 0 && p.Y >= 0 && p.X <= width - 1 && p.Y <= height - 1)))
        {
            throw new UsageException($"alignment template '{name}': a point lies outside the {width}×{height} pixels.");
        }

        // At least 2 pixels between the eyes and down to the mouth: less is a slip of the pen, and no face.
        float eyes = (points[0].Y + points[1].Y) / 2, mouth = (points[3].Y + points[4].Y) / 2;
        return points[1].X - points[0].X >= 2 && mouth - eyes >= 2
            ? Named(name, width, height, points)
            : throw new UsageException($"alignment template '{name}': the left eye must lie left of the right one and both above the mouth, by 2 pixels or more.");
    }

    private static AlignmentTemplate Named(string name, int width, int height, Vector2[] points) => new(name, width, height, points);

    // Pixels are squares around whole numbers: the image's edge lies at −0.5 and stays there.
    private static Vector2[] Scaled(Vector2[] points, float factor) =>
        [.. points.Select(p => ((p + new Vector2(0.5f)) * factor) - new Vector2(0.5f))];

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
