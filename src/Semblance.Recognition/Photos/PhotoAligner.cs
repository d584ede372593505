using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.IO;

namespace Semblance.Recognition.Photos;

/// <summary>
/// Turns a collection of photographs into one of aligned crops: the folder structure stays, each crop has a sidecar with its landmarks and
/// quality. A photo whose sidecar tells of the same bytes and template is not looked at again, so a broken-off run goes on where it stopped.
/// </summary>
public sealed class PhotoAligner
{
    private readonly FaceFinder _finder;
    private readonly QualityThresholds _thresholds;
    private readonly bool _allFaces;

    /// <summary>Sets up the work.</summary>
    /// <param name="finder">Finds and aligns; not owned.</param>
    /// <param name="thresholds">The least that a face must offer.</param>
    /// <param name="allFaces">Whether to cut out all faces of a photo (name.0.jpg, name.1.jpg, …) instead of the main one (name.jpg).</param>
    /// <exception cref="UsageException">A threshold is out of range.</exception>
    public PhotoAligner(FaceFinder finder, QualityThresholds thresholds, bool allFaces = false)
    {
        ArgumentNullException.ThrowIfNull(finder);
        ArgumentNullException.ThrowIfNull(thresholds);
        thresholds.Validate();
        (_finder, _thresholds, _allFaces) = (finder, thresholds, allFaces);
    }

    /// <summary>Aligns, on all cores.</summary>
    /// <param name="photos">The photographs.</param>
    /// <param name="output">The folder for crops and sidecars; made where it is missing.</param>
    /// <param name="progress">Told of photos dealt with.</param>
    /// <param name="cancellationToken">Ends the work; crops written before stay and are not made again.</param>
    /// <exception cref="SemblanceException">The output cannot be written, or the detector fails.</exception>
    /// <exception cref="UsageException">The output lies within the folder of photographs.</exception>
    public AlignmentReport Align(PhotoCollection photos, string output, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentException.ThrowIfNullOrEmpty(output);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        string input = Path.TrimEndingDirectorySeparator(Path.GetFullPath(photos.Source));
        if (folder == input || folder.StartsWith(input + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new UsageException($"out is {output}, within the photographs of {photos.Source}; its crops would be taken for photographs the next time. Name a folder elsewhere.");
        }

        long started = Stopwatch.GetTimestamp();
        string[] stems = Stems(photos.Names);
        var outcomes = new Outcome[stems.Length];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, stems.Length, options, i =>
            {
                outcomes[i] = AlignOne(photos, i, folder, stems[i]);
                progress?.Report(new WorkProgress("aligning", Interlocked.Increment(ref done), stems.Length, "photos"));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<SemblanceException>().FirstOrDefault() is { } failure)
        {
            throw failure;
        }

        var report = new AlignmentReport
        {
            Source = photos.Source,
            Output = output,
            Template = _finder.Template.Name,
            Photos = stems.Length,
            Aligned = outcomes.Count(o => o.Crops > 0),
            Crops = outcomes.Sum(o => o.Crops),
            DoneBefore = outcomes.Count(o => o.Before),
            WithoutFace = [.. Failures(o => o.Kind == Failure.NoFace).Select(f => f.Path)],
            Refused = [.. Failures(o => o.Kind == Failure.Refused)],
            Unreadable = [.. Failures(o => o.Kind == Failure.Unreadable)],
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
        };
        AtomicFile.WriteText(Path.Combine(folder, AlignmentReport.FileName), JsonSerializer.Serialize(report, AlignmentJson.Default.AlignmentReport));
        return report;

        IEnumerable<UnreadableImage> Failures(Func<Outcome, bool> which) =>
            outcomes.Index().Where(o => which(o.Item)).Select(o => new UnreadableImage(photos.Names[o.Index], o.Item.Reason));
    }

    private Outcome AlignOne(PhotoCollection photos, int index, string folder, string stem)
    {
        try
        {
            byte[] bytes = photos.ReadBytes(index);
            string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            string sidecar = Path.Combine(folder, stem + ".json");
            if (CropsOfBefore(sidecar, digest) is { } before)
            {
                return new Outcome(before, true, Failure.None, "");
            }

            PixelBuffer photo = ImageDecoder.Decode(bytes, photos.Names[index]);
            IReadOnlyList<FoundFace> faces = _finder.Find(photo);
            if (faces.Count == 0)
            {
                return new Outcome(0, false, Failure.NoFace, "no face found in it");
            }

            FoundFace[] kept = [.. (_allFaces ? faces : faces.Take(1)).Where(face => _thresholds.Refusal(face.Quality) is null)];
            if (kept.Length == 0)
            {
                return new Outcome(0, false, Failure.Refused, _thresholds.Refusal(faces[0].Quality)!);
            }

            var written = new AlignedFace[kept.Length];
            for (int i = 0; i < kept.Length; i++)
            {
                string name = _allFaces ? $"{stem}.{i}.jpg" : $"{stem}.jpg";
                byte[] jpeg = ImageEncoder.Jpeg(kept[i].Crop);
                AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(jpeg));
                written[i] = AlignedFace.Of(Path.GetFileName(name), kept[i]);
            }

            // The sidecar comes last: where it is, its crops are.
            var record = new AlignedPhoto
            {
                Source = photos.Names[index],
                Digest = digest,
                Width = photo.Width,
                Height = photo.Height,
                Template = _finder.Template.Name,
                AllFaces = _allFaces,
                Thresholds = _thresholds,
                FacesFound = faces.Count,
                Faces = written,
            };
            AtomicFile.WriteText(sidecar, JsonSerializer.Serialize(record, AlignmentJson.Default.AlignedPhoto));
            return new Outcome(kept.Length, false, Failure.None, "");
        }
        catch (UnreadableImageException e)
        {
            return new Outcome(0, false, Failure.Unreadable, e.Reason);
        }
    }

    private int? CropsOfBefore(string sidecar, string digest)
    {
        try
        {
            if (!File.Exists(sidecar)
                || JsonSerializer.Deserialize(File.ReadAllText(sidecar), AlignmentJson.Default.AlignedPhoto) is not { } before
                || before.Digest != digest || before.Template != _finder.Template.Name || before.AllFaces != _allFaces || before.Thresholds != _thresholds)
            {
                return null;
            }

            string folder = Path.GetDirectoryName(sidecar)!;
            return before.Faces.All(face => File.Exists(Path.Combine(folder, face.Crop))) ? before.Faces.Count : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // A sidecar that cannot be read is made again.
            return null;
        }
    }

    /// <summary>Names without extension; a photo whose stem another one has as well keeps its extension.</summary>
    private static string[] Stems(IReadOnlyList<string> names)
    {
        string[] stems = [.. names.Select(name => name[..^Path.GetExtension(name).Length])];
        var counts = stems.CountBy(stem => stem, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return [.. stems.Select((stem, i) => counts[stem] > 1 ? names[i] : stem)];
    }

    private enum Failure
    {
        None,
        NoFace,
        Refused,
        Unreadable,
    }

    private readonly record struct Outcome(int Crops, bool Before, Failure Kind, string Reason);
}
