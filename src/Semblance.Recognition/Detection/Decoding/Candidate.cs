using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>A box that a model proposes, in pixels of the frame or of the photo.</summary>
/// <param name="Box">The box.</param>
/// <param name="Score">The model's confidence in [0, 1].</param>
/// <param name="Points">Its points, if the model gives any.</param>
internal readonly record struct Candidate(FaceBox Box, float Score, FacePoints Points)
{
    /// <summary>Whether the box is one: finite, with width and height.</summary>
    public bool IsSound => float.IsFinite(Box.Left) && float.IsFinite(Box.Top) && float.IsFinite(Box.Right) && float.IsFinite(Box.Bottom)
        && Box.Width > 0 && Box.Height > 0;
}
