using System.Text.Json.Serialization;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Services;

/// <summary>A face of a photograph that was identified.</summary>
/// <param name="Number">Its number in the photo, from 1: the main face.</param>
/// <param name="Box">Left, top, right and bottom in pixels of the photo.</param>
/// <param name="Quality">How well it can be recognised.</param>
public sealed record IdentifiedFace(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("box")] IReadOnlyList<float> Box,
    [property: JsonPropertyName("quality")] FaceQuality Quality)
{
    /// <summary>Describes a face.</summary>
    /// <param name="number">Its number in the photo, from 1.</param>
    /// <param name="face">The face.</param>
    public static IdentifiedFace Of(int number, FoundFace face)
    {
        ArgumentNullException.ThrowIfNull(face);
        return new IdentifiedFace(number, [face.Box.Left, face.Box.Top, face.Box.Right, face.Box.Bottom], face.Quality);
    }
}
