using Semblance.Data;
using Semblance.Imaging;
using Semblance.IO;

namespace Semblance.Recognition.Photos;

/// <summary>Looks at single photos and says (and draws) what a recogniser would make of them: boxes, landmarks, aligned crops, quality.</summary>
/// <param name="finder">Finds and aligns the faces; stays the caller's.</param>
/// <param name="thresholds">The least that a face must offer.</param>
public sealed class PhotoInspector(FaceFinder finder, QualityThresholds thresholds)
{
    /// <summary>Looks at photos; one that cannot be read has its error in its place.</summary>
    /// <param name="photos">Paths of image files.</param>
    /// <param name="drawings">The folder for a drawing of each photo (see <see cref="DetectionDrawing"/>); null for none.</param>
    /// <param name="progress">Told of photos dealt with.</param>
    /// <param name="cancellationToken">Ends the work; drawings that were written stay.</param>
    /// <returns>In the order of the photos.</returns>
    /// <exception cref="UsageException">Two photos would have the same drawing.</exception>
    /// <exception cref="SemblanceException">The detector fails, or a drawing cannot be written.</exception>
    public IReadOnlyList<DetectedPhoto> Inspect(
        IReadOnlyList<string> photos, string? drawings = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        if (drawings is not null && photos.GroupBy(DrawingName, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twins)
        {
            throw new UsageException($"{twins.ElementAt(0)} and {twins.ElementAt(1)} would both be drawn as {twins.Key}; draw them into different folders.");
        }

        var found = new DetectedPhoto[photos.Count];
        int done = 0;
        Parallel.For(0, photos.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
        {
            found[i] = Inspect(photos[i], drawings);
            progress?.Report(new WorkProgress("looking", Interlocked.Increment(ref done), photos.Count, "photos"));
        });
        return found;
    }

    private DetectedPhoto Inspect(string path, string? drawings)
    {
        PixelBuffer photo;
        try
        {
            photo = ImageDecoder.DecodeFile(path);
        }
        catch (UnreadableImageException e)
        {
            return new DetectedPhoto { Photo = path, Width = null, Height = null, Faces = [], Drawing = null, Error = e.Reason };
        }

        IReadOnlyList<FoundFace> faces = finder.Find(photo);
        string? drawing = null;
        if (drawings is not null)
        {
            drawing = Path.Combine(drawings, DrawingName(path));
            AtomicFile.WriteText(drawing, DetectionDrawing.Svg(photo, faces, thresholds, finder.Template));
        }

        return new DetectedPhoto
        {
            Photo = path,
            Width = photo.Width,
            Height = photo.Height,
            Faces = [.. faces.Select(face => AlignedFace.Of(face, null, thresholds.Refusal(face.Quality)))],
            Drawing = drawing,
            Error = null,
        };
    }

    private static string DrawingName(string photo) => $"{Path.GetFileNameWithoutExtension(photo)}.svg";
}
