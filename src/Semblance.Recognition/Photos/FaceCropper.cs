using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>Which photos are used that show several faces.</summary>
public enum SeveralFaces
{
    /// <summary>The main face stands for the photo.</summary>
    TakeMain,

    /// <summary>The main face stands for the photo where it is plainly the subject; else the photo is refused.</summary>
    RefuseWhereUnclear,
}

/// <summary>Crops the main face out of photographs. Owns its finder.</summary>
public sealed class FaceCropper : IFaceCropper, IDisposable
{
    // A second face of at least this share of the main one's weight makes it unclear whom the photo shows; of
    // LFW's 13,233 photos of single subjects, bystanders and all, that is 117.
    private const double Unclear = 0.5;

    private readonly FaceFinder _finder;
    private readonly QualityThresholds _thresholds;
    private readonly SeveralFaces _several;
    private readonly bool _takesCrops;

    /// <summary>Sets up the cropping.</summary>
    /// <param name="finder">Finds and aligns.</param>
    /// <param name="thresholds">The least that a face must offer.</param>
    /// <param name="several">What to do with photos of several faces.</param>
    /// <param name="takesCrops">Whether an image of exactly the template's size is taken for an aligned crop and handed on as it is.</param>
    /// <exception cref="UsageException">A threshold is out of range.</exception>
    public FaceCropper(FaceFinder finder, QualityThresholds thresholds, SeveralFaces several = SeveralFaces.TakeMain, bool takesCrops = true)
    {
        ArgumentNullException.ThrowIfNull(finder);
        ArgumentNullException.ThrowIfNull(thresholds);
        thresholds.Validate();
        (_finder, _thresholds, _several, _takesCrops) = (finder, thresholds, several, takesCrops);
    }

    /// <inheritdoc/>
    public PixelBuffer Crop(PixelBuffer photo, string name)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (IsCrop(photo))
        {
            return photo;
        }

        FoundFace main = (_several == SeveralFaces.TakeMain ? _finder.FindMain(photo) : TheOne(_finder.Find(photo), photo, name))
            ?? throw Unusable(name, "no face found in it");
        return _thresholds.Refusal(main.Quality) is { } refusal ? throw Unusable(name, refusal) : main.Crop;
    }

    /// <summary>Finds all faces that are good enough.</summary>
    /// <param name="photo">The photo.</param>
    /// <returns>The faces, the main one first, and how many were refused for their quality; null where the image is an aligned crop itself.</returns>
    public (IReadOnlyList<FoundFace> Faces, int Refused)? FindAll(PixelBuffer photo)
    {
        if (FindJudged(photo) is not { } faces)
        {
            return null;
        }

        FoundFace[] usable = [.. faces.Where(face => face.Refusal is null).Select(face => face.Face)];
        return (usable, faces.Count - usable.Length);
    }

    /// <summary>Finds all faces and judges each.</summary>
    /// <param name="photo">The photo.</param>
    /// <returns>The faces, the main one first, each with why it is refused, or null where it is not; null where the image is an aligned crop itself.</returns>
    public IReadOnlyList<(FoundFace Face, string? Refusal)>? FindJudged(PixelBuffer photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        return IsCrop(photo) ? null : [.. _finder.Find(photo).Select(face => (face, _thresholds.Refusal(face.Quality)))];
    }

    /// <summary>Closes the finder.</summary>
    public void Dispose() => _finder.Dispose();

    private static FoundFace? TheOne(IReadOnlyList<FoundFace> faces, PixelBuffer photo, string name) =>
        faces.Count > 1 && FaceFinder.Weight(faces[1].Box, photo) >= Unclear * FaceFinder.Weight(faces[0].Box, photo)
            ? throw Unusable(name, $"it shows {faces.Count} faces and it is unclear whose photo it is; crop the one that is meant")
            : faces.Count > 0 ? faces[0] : null;

    private bool IsCrop(PixelBuffer photo) => _takesCrops && photo.Width == _finder.Template.Width && photo.Height == _finder.Template.Height;

    private static UnreadableImageException Unusable(string name, string reason) => new(name, reason) { HasNoFace = true };
}
