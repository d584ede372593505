using System.Text.Json.Serialization;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>One face of a sidecar. Points are [x, y] in pixels of the photo, whole numbers being centres.</summary>
public sealed record AlignedFace
{
    /// <summary>The crop's file, beside the sidecar; null where the face was refused.</summary>
    [JsonPropertyName("crop")]
    public required string? Crop { get; init; }

    /// <summary>Why the face was refused; null where it was not.</summary>
    [JsonPropertyName("refused")]
    public required string? Refused { get; init; }

    /// <summary>Left, top, right, bottom in pixels of the photo; may reach over the border.</summary>
    [JsonPropertyName("box")]
    public required IReadOnlyList<float> Box { get; init; }

    /// <summary>Left eye, right eye, nose, left and right mouth corner as seen in the photo; four points with the mouth's centre last where the detector knows no corners.</summary>
    [JsonPropertyName("landmarks")]
    public required IReadOnlyList<IReadOnlyList<float>> Landmarks { get; init; }

    /// <summary>a, b, tx, ty of the similarity transform from photo to crop: x′ = a·x − b·y + tx, y′ = b·x + a·y + ty.</summary>
    [JsonPropertyName("transform")]
    public required IReadOnlyList<double> Transform { get; init; }

    /// <summary>How well the face can be recognised.</summary>
    [JsonPropertyName("quality")]
    public required FaceQuality Quality { get; init; }

    /// <summary>Describes a face.</summary>
    /// <param name="face">The face.</param>
    /// <param name="crop">The crop's file; null where the face was refused.</param>
    /// <param name="refused">Why the face was refused; null where it was not.</param>
    public static AlignedFace Of(FoundFace face, string? crop, string? refused)
    {
        ArgumentNullException.ThrowIfNull(face);
        FaceBox box = face.Box;
        SimilarityTransform t = face.Transform;
        return new AlignedFace
        {
            Crop = crop,
            Refused = refused,
            Box = [box.Left, box.Top, box.Right, box.Bottom],
            Landmarks = [.. face.Landmarks.ToPoints().Select(p => (IReadOnlyList<float>)[p.X, p.Y])],
            Transform = [t.A, t.B, t.ShiftX, t.ShiftY],
            Quality = face.Quality,
        };
    }
}
