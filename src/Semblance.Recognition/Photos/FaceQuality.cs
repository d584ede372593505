using System.Text.Json.Serialization;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Photos;

/// <summary>How well a face can be recognised, as far as its pixels and points tell.</summary>
public sealed record FaceQuality
{
    /// <summary>Distance of the eyes in pixels of the photo; shorter than the face allows where the head is turned.</summary>
    [JsonPropertyName("eye_distance")]
    public required double EyeDistance { get; init; }

    /// <summary>Height of the face's box in pixels of the photo.</summary>
    [JsonPropertyName("face_height")]
    public required double FaceHeight { get; init; }

    /// <summary>
    /// Variance of the Laplacian of the aligned crop's grey values between brows and chin (J. L. Pech-Pacheco et al., Diatom autofocusing in
    /// brightfield microscopy, ICPR 2000) over their own variance, so that contrast does not count; at a crop's height of 112, so that the
    /// template's size does not; 0 for a flat crop. Photos enlarged to the crop's size come out unsharp, as they are. Noise looks sharp.
    /// </summary>
    [JsonPropertyName("sharpness")]
    public required double Sharpness { get; init; }

    /// <summary>The mean grey value between brows and chin, in [0, 255].</summary>
    [JsonPropertyName("brightness")]
    public required double Brightness { get; init; }

    /// <summary>The standard deviation of the grey values between brows and chin, in [0, 127.5].</summary>
    [JsonPropertyName("contrast")]
    public required double Contrast { get; init; }

    /// <summary>The share of the pixels between brows and chin that are black or white (up to 4, from 251), in [0, 1].</summary>
    [JsonPropertyName("clipped")]
    public required double Clipped { get; init; }

    /// <summary>Rotation of the head about the vertical axis in degrees; positive where it looks to the right of the photo. How good it is: <see cref="FacePose"/>.</summary>
    [JsonPropertyName("yaw")]
    public required double Yaw { get; init; }

    /// <summary>Rotation about the axis through the ears in degrees; positive where it looks down. How good it is: <see cref="FacePose"/>.</summary>
    [JsonPropertyName("pitch")]
    public required double Pitch { get; init; }

    /// <summary>Rotation in the plane of the photo in degrees, clockwise.</summary>
    [JsonPropertyName("roll")]
    public required double Roll { get; init; }

    /// <summary>The detector's confidence in [0, 1].</summary>
    [JsonPropertyName("score")]
    public required double Score { get; init; }

    /// <summary>The share of the face between brows and chin that lies within the photo, in [0, 1]: below 1 the photo's border cuts it.</summary>
    [JsonPropertyName("visible")]
    public required double Visible { get; init; }

    /// <summary>Measures a face.</summary>
    /// <param name="face">The face.</param>
    /// <param name="landmarks">Its points.</param>
    /// <param name="toCrop">From pixels of the photo to pixels of the crop.</param>
    /// <param name="crop">Its aligned crop.</param>
    /// <param name="photo">The photo.</param>
    public static FaceQuality Of(DetectedFace face, FaceLandmarks landmarks, SimilarityTransform toCrop, PixelBuffer crop, PixelBuffer photo)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentNullException.ThrowIfNull(landmarks);
        ArgumentNullException.ThrowIfNull(crop);
        ArgumentNullException.ThrowIfNull(photo);
        FaceWindow window = FaceWindow.Of(landmarks, toCrop, crop);
        FaceTones tones = FaceTones.Of(crop, window);
        FacePose pose = FacePose.Of(landmarks);
        return new FaceQuality
        {
            EyeDistance = (landmarks.RightEye - landmarks.LeftEye).Length(),
            FaceHeight = face.Box.Height,
            Sharpness = tones.Sharpness,
            Brightness = tones.Brightness,
            Contrast = tones.Contrast,
            Clipped = tones.Clipped,
            Yaw = pose.Yaw,
            Pitch = pose.Pitch,
            Roll = pose.Roll,
            Score = face.Score,
            Visible = window.ShareWithin(photo, toCrop),
        };
    }
}
