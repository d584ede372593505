using System.Numerics;

namespace Semblance.Imaging;

/// <summary>
/// The points of a face that alignment uses, in pixels of the photo (whole numbers are the centres of pixels). Left and right are as seen in
/// the photo: the left eye is the person's right one.
/// </summary>
/// <param name="LeftEye">Centre of the eye on the left of the photo.</param>
/// <param name="RightEye">Centre of the eye on the right of the photo.</param>
/// <param name="Nose">Tip of the nose.</param>
/// <param name="MouthLeft">Corner of the mouth on the left of the photo; the mouth's centre where <see cref="HasMouthCorners"/> is false.</param>
/// <param name="MouthRight">Corner of the mouth on the right of the photo; the mouth's centre where <see cref="HasMouthCorners"/> is false.</param>
public sealed record FaceLandmarks(Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 MouthLeft, Vector2 MouthRight)
{
    /// <summary>False where the detector knows the mouth's centre alone (BlazeFace).</summary>
    public bool HasMouthCorners { get; init; } = true;

    /// <summary>Centre of the mouth.</summary>
    public Vector2 MouthCentre => (MouthLeft + MouthRight) / 2;

    /// <summary>Landmarks of a detector that knows the mouth's centre alone.</summary>
    /// <param name="leftEye">Centre of the eye on the left of the photo.</param>
    /// <param name="rightEye">Centre of the eye on the right of the photo.</param>
    /// <param name="nose">Tip of the nose.</param>
    /// <param name="mouth">Centre of the mouth.</param>
    public static FaceLandmarks WithMouthCentre(Vector2 leftEye, Vector2 rightEye, Vector2 nose, Vector2 mouth) =>
        new(leftEye, rightEye, nose, mouth, mouth) { HasMouthCorners = false };

    /// <summary>The points that are known: five, or four with the mouth's centre as the last.</summary>
    public Vector2[] ToPoints() => HasMouthCorners
        ? [LeftEye, RightEye, Nose, MouthLeft, MouthRight]
        : [LeftEye, RightEye, Nose, MouthCentre];
}
