using System.Numerics;
using System.Text.Json.Serialization;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Photos;

/// <summary>How well a face can be recognised, as far as its pixels and five points tell.</summary>
public sealed record FaceQuality
{
    // How far the tip of the nose stands out of the plane of eyes and mouth, and how high eyes stand above the mouth, in halves of the eyes'
    // distance; where it lies between eyes and mouth seen from the front. From the ArcFace template and common head proportions: they differ
    // from person to person, so the angles are good for refusing profiles, not for measuring heads.
    private const double NoseDepth = 0.75, EyesToMouth = 2.31, FrontalNose = 0.494;

    /// <summary>Distance of the eyes in pixels of the photo; shorter than the face allows where the head is turned.</summary>
    [JsonPropertyName("eye_distance")]
    public required double EyeDistance { get; init; }

    /// <summary>Height of the face's box in pixels of the photo.</summary>
    [JsonPropertyName("face_height")]
    public required double FaceHeight { get; init; }

    /// <summary>
    /// Variance of the Laplacian of the aligned crop's grey values (Pech-Pacheco et al. 2000) over their own variance, so that contrast does not
    /// count; 0 for a flat crop. Photos enlarged to the crop's size come out unsharp, as they are.
    /// </summary>
    [JsonPropertyName("sharpness")]
    public required double Sharpness { get; init; }

    /// <summary>Rotation of the head about the vertical axis in degrees, roughly; positive where it looks to the right of the photo.</summary>
    [JsonPropertyName("yaw")]
    public required double Yaw { get; init; }

    /// <summary>Rotation about the axis through the ears in degrees, roughly; positive where it looks down. Unknown people's noses blur it by about 10°.</summary>
    [JsonPropertyName("pitch")]
    public required double Pitch { get; init; }

    /// <summary>Rotation in the plane of the photo in degrees, clockwise.</summary>
    [JsonPropertyName("roll")]
    public required double Roll { get; init; }

    /// <summary>The detector's confidence in [0, 1].</summary>
    [JsonPropertyName("score")]
    public required double Score { get; init; }

    /// <summary>The share of the face's box that lies within the photo, in [0, 1].</summary>
    [JsonPropertyName("visible")]
    public required double Visible { get; init; }

    /// <summary>Measures a face.</summary>
    /// <param name="face">The face.</param>
    /// <param name="landmarks">Its points.</param>
    /// <param name="crop">Its aligned crop.</param>
    /// <param name="photo">The photo.</param>
    public static FaceQuality Of(DetectedFace face, FaceLandmarks landmarks, PixelBuffer crop, PixelBuffer photo)
    {
        ArgumentNullException.ThrowIfNull(face);
        ArgumentNullException.ThrowIfNull(landmarks);
        ArgumentNullException.ThrowIfNull(crop);
        ArgumentNullException.ThrowIfNull(photo);
        Vector2 eyes = landmarks.RightEye - landmarks.LeftEye;
        double half = Math.Max(eyes.Length() / 2, 1e-6);
        Vector2 right = eyes.Length() > 0 ? Vector2.Normalize(eyes) : Vector2.UnitX;
        var down = new Vector2(-right.Y, right.X);
        Vector2 nose = landmarks.Nose - ((landmarks.LeftEye + landmarks.RightEye) / 2);
        Vector2 mouth = landmarks.MouthCentre - ((landmarks.LeftEye + landmarks.RightEye) / 2);
        double mouthDown = Math.Max(Vector2.Dot(mouth, down), 1e-6);

        // Seen from the front the nose is on the line from between the eyes to the mouth, wherever that line is tilted to.
        double aside = Vector2.Dot(nose, right) - (Vector2.Dot(mouth, right) * Vector2.Dot(nose, down) / mouthDown);
        double lowered = (Vector2.Dot(nose, down) / mouthDown) - FrontalNose;
        FaceBox box = face.Box;
        var inside = new FaceBox(Math.Max(box.Left, 0), Math.Max(box.Top, 0), Math.Min(box.Right, photo.Width), Math.Min(box.Bottom, photo.Height));
        return new FaceQuality
        {
            EyeDistance = eyes.Length(),
            FaceHeight = box.Height,
            Sharpness = SharpnessOf(crop),
            Yaw = Degrees(Math.Atan(aside / half / NoseDepth)),
            Pitch = Degrees(Math.Atan(lowered * EyesToMouth / NoseDepth)),
            Roll = Degrees(Math.Atan2(right.Y, right.X)),
            Score = face.Score,
            Visible = box.Area > 0 ? Math.Clamp(inside.Area / box.Area, 0, 1) : 0,
        };
    }

    private static double Degrees(double radians) => radians * (180 / Math.PI);

    private static double SharpnessOf(PixelBuffer crop)
    {
        int width = crop.Width, height = crop.Height;
        if (width < 3 || height < 3)
        {
            return 0;
        }

        int[] grey = new int[width * height];
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = crop.Channels == 1 ? crop.Data[i] : ((77 * crop.Data[3 * i]) + (150 * crop.Data[(3 * i) + 1]) + (29 * crop.Data[(3 * i) + 2])) >> 8;
        }

        double sum = 0, squares = 0, edges = 0, edgeSquares = 0;
        int count = (width - 2) * (height - 2);
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1, i = (y * width) + 1; x < width - 1; x++, i++)
            {
                int laplacian = grey[i - 1] + grey[i + 1] + grey[i - width] + grey[i + width] - (4 * grey[i]);
                sum += grey[i];
                squares += (double)grey[i] * grey[i];
                edges += laplacian;
                edgeSquares += (double)laplacian * laplacian;
            }
        }

        double variance = (squares / count) - (sum / count * (sum / count));
        return variance > 1e-9 ? ((edgeSquares / count) - (edges / count * (edges / count))) / variance : 0;
    }
}
