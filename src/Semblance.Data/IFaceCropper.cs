using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>
/// Turns a photograph into the aligned crop of its main face. A dataset opened with one (<see cref="FaceDatasetOptions"/>) hands out crops
/// wherever it is used: training, evaluation, enrolment. Safe to call from several threads at once.
/// </summary>
public interface IFaceCropper
{
    /// <summary>Crops the main face.</summary>
    /// <param name="photo">The decoded photo, upright.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <returns>The aligned crop.</returns>
    /// <exception cref="UnreadableImageException">There is no face, or none that can be used; the reason says which, and <see cref="UnreadableImageException.HasNoFace"/> is true.</exception>
    PixelBuffer Crop(PixelBuffer photo, string name);
}
