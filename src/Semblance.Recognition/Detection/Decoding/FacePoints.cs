using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>The points of a candidate while it is worked on: five, four (with the mouth's centre in the place of both corners) or none.</summary>
/// <param name="Count">5, 4 or 0.</param>
/// <param name="LeftEye">As seen in the photo.</param>
/// <param name="RightEye">As seen in the photo.</param>
/// <param name="Nose">Its tip.</param>
/// <param name="MouthLeft">Its left corner, or the centre.</param>
/// <param name="MouthRight">Its right corner, or the centre.</param>
internal readonly record struct FacePoints(int Count, Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 MouthLeft, Vector2 MouthRight)
{
    /// <summary>The points after a mapping of the plane.</summary>
    public FacePoints Map(Func<Vector2, Vector2> map) => Count == 0
        ? this
        : new FacePoints(Count, map(LeftEye), map(RightEye), map(Nose), map(MouthLeft), map(MouthRight));

    /// <summary>The sum of two sets, for weighted means.</summary>
    public FacePoints Plus(FacePoints other) => new(
        Count, LeftEye + other.LeftEye, RightEye + other.RightEye, Nose + other.Nose, MouthLeft + other.MouthLeft, MouthRight + other.MouthRight);

    /// <summary>All points times a factor.</summary>
    public FacePoints Times(float factor) =>
        new(Count, LeftEye * factor, RightEye * factor, Nose * factor, MouthLeft * factor, MouthRight * factor);

    /// <summary>The landmarks; null where there are no points.</summary>
    public FaceLandmarks? ToLandmarks() => Count switch
    {
        5 => new FaceLandmarks(LeftEye, RightEye, Nose, MouthLeft, MouthRight),
        4 => FaceLandmarks.WithMouthCentre(LeftEye, RightEye, Nose, MouthLeft),
        _ => null,
    };

    /// <summary>Five points from ten numbers x y, each mapped.</summary>
    public static FacePoints Five(ReadOnlySpan<float> values, Vector2 origin, Vector2 factor) => new(
        5,
        origin + (new Vector2(values[0], values[1]) * factor),
        origin + (new Vector2(values[2], values[3]) * factor),
        origin + (new Vector2(values[4], values[5]) * factor),
        origin + (new Vector2(values[6], values[7]) * factor),
        origin + (new Vector2(values[8], values[9]) * factor));
}
