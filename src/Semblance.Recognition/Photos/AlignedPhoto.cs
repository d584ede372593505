using System.Numerics;
using System.Text.Json.Serialization;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>The sidecar of a photo's crops.</summary>
public sealed record AlignedPhoto
{
    /// <summary>The photo's path in its collection.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>SHA-256 of the photo's file, hex.</summary>
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    /// <summary>The photo's width in pixels, upright.</summary>
    [JsonPropertyName("width")]
    public required int Width { get; init; }

    /// <summary>The photo's height in pixels, upright.</summary>
    [JsonPropertyName("height")]
    public required int Height { get; init; }

    /// <summary>The template that faces were aligned to.</summary>
    [JsonPropertyName("template")]
    public required string Template { get; init; }

    /// <summary>Whether all faces were wanted or the main one.</summary>
    [JsonPropertyName("all_faces")]
    public required bool AllFaces { get; init; }

    /// <summary>The least that a face had to offer.</summary>
    [JsonPropertyName("thresholds")]
    public required QualityThresholds Thresholds { get; init; }

    /// <summary>Faces found, also those without a crop.</summary>
    [JsonPropertyName("faces_found")]
    public required int FacesFound { get; init; }

    /// <summary>Faces with a crop, the main one first.</summary>
    [JsonPropertyName("faces")]
    public required IReadOnlyList<AlignedFace> Faces { get; init; }
}

/// <summary>One face of a sidecar. Points are [x, y] in pixels of the photo, whole numbers being centres.</summary>
/// <param name="Crop">The crop's file, beside the sidecar.</param>
/// <param name="Box">Left, top, right, bottom.</param>
/// <param name="Landmarks">Left eye, right eye, nose, left and right mouth corner as seen in the photo; four points with the mouth's centre last where the detector knows no corners.</param>
/// <param name="Transform">a, b, tx, ty of the similarity transform from photo to crop: x′ = a·x − b·y + tx, y′ = b·x + a·y + ty.</param>
/// <param name="Quality">How well the face can be recognised.</param>
public sealed record AlignedFace(
    [property: JsonPropertyName("crop")] string Crop,
    [property: JsonPropertyName("box")] IReadOnlyList<float> Box,
    [property: JsonPropertyName("landmarks")] IReadOnlyList<float[]> Landmarks,
    [property: JsonPropertyName("transform")] IReadOnlyList<double> Transform,
    [property: JsonPropertyName("quality")] FaceQuality Quality)
{
    /// <summary>Describes a face.</summary>
    /// <param name="crop">The crop's file.</param>
    /// <param name="face">The face.</param>
    public static AlignedFace Of(string crop, FoundFace face)
    {
        ArgumentNullException.ThrowIfNull(face);
        FaceBox box = face.Box;
        SimilarityTransform t = face.Transform;
        return new AlignedFace(
            crop,
            [box.Left, box.Top, box.Right, box.Bottom],
            [.. face.Landmarks.ToPoints().Select((Vector2 p) => new[] { p.X, p.Y })],
            [t.A, t.B, t.ShiftX, t.ShiftY],
            face.Quality);
    }
}
