namespace Semblance.Recognition.Detection;

/// <summary>How hard a detector looks for faces that are small beside the photo.</summary>
public enum FaceSearch
{
    /// <summary>
    /// One look at the whole photo; where faces of 1/40 of the photo's size (geometric mean of width and height; at least 40 pixels) would
    /// be too small for the model, further looks at overlapping tiles. Photos of up to about a megapixel cost one look with a 320×240 input.
    /// Where nothing is found, one more look from further away, for a face that fills the photo to its borders.
    /// </summary>
    Auto,

    /// <summary>One look at the whole photo, whatever its size: the fastest, for portraits.</summary>
    OneLook,

    /// <summary>As <see cref="Auto"/>, down to faces of 20 pixels: for crowds. A large photo may take hundreds of looks.</summary>
    Thorough,
}
