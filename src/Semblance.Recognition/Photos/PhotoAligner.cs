using System.Diagnostics;
using System.Security.Cryptography;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Recognition.Photos;

/// <summary>
/// Turns a collection of photographs into one of aligned crops: the folder structure stays, each photo has a sidecar with its faces' landmarks
/// and quality. A photo whose sidecar tells of the same bytes and settings is not looked at again, so a broken-off run goes on where it stopped.
/// </summary>
public sealed class PhotoAligner
{
    private readonly FaceFinder _finder;
    private readonly AlignmentOptions _options;
    private readonly AlignmentSettings _settings;

    /// <summary>Sets up the work.</summary>
    /// <param name="finder">Finds and aligns; not owned.</param>
    /// <param name="options">What is cut out, and how it is stored; null for the defaults.</param>
    /// <exception cref="UsageException">An option is out of range.</exception>
    public PhotoAligner(FaceFinder finder, AlignmentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(finder);
        _options = options ?? new AlignmentOptions();
        _options.Validate();
        (_finder, _settings) = (finder, AlignmentSettings.Of(finder, _options));
    }

    /// <summary>Aligns, several photos at once, each on one thread.</summary>
    /// <param name="photos">The photographs.</param>
    /// <param name="output">The folder for crops and sidecars; made where it is missing.</param>
    /// <param name="progress">Told of photos dealt with.</param>
    /// <param name="cancellationToken">Ends the work; what was written before stays and is not made again.</param>
    /// <exception cref="SemblanceException">The output cannot be written, or the detector fails.</exception>
    /// <exception cref="UsageException">The output lies within the photographs or they in it, or it holds other things.</exception>
    public AlignmentReport Align(PhotoCollection photos, string output, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentException.ThrowIfNullOrEmpty(output);
        long started = Stopwatch.GetTimestamp();
        CropFolder folder = CropFolder.Open(output, photos.Source, _settings);
        var report = new AlignmentReport { Source = photos.Source, Output = output, Settings = _settings, Finished = false, Photos = photos.Names.Count };

        // Told at once where nothing can be written, and the mark by which the next run knows the folder.
        folder.Write(report);
        Outcome[] outcomes = AlignAll(photos, folder, progress, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        int before = outcomes.Count(o => o.Before);
        report = report with
        {
            Finished = true,
            Aligned = outcomes.Count(o => o.Crops > 0),
            Crops = outcomes.Sum(o => o.Crops),
            DoneBefore = before,
            WithoutFace = [.. Of(OutcomeKind.NoFace).Select(f => f.Path)],
            Refused = [.. Of(OutcomeKind.Refused)],
            Unreadable = [.. Of(OutcomeKind.Unreadable)],
            Seconds = Math.Round(seconds, 3),
            PhotosPerSecond = Math.Round((outcomes.Length - before) / seconds, 1),
        };
        folder.Write(report);
        return report;

        IEnumerable<UnreadableImage> Of(OutcomeKind kind) => outcomes.Index().Where(o => o.Item.Kind == kind)
            .Select(o => new UnreadableImage(photos.Names[o.Index], o.Item.Reason) { HasNoFace = kind != OutcomeKind.Unreadable });
    }

    private Outcome[] AlignAll(PhotoCollection photos, CropFolder folder, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        string?[] stems = CropNames.Of(photos.Names);
        var outcomes = new Outcome[stems.Length];
        int done = 0;
        var reporting = new Lock();
        int workers = _options.Workers > 0 ? _options.Workers : Environment.ProcessorCount;
        try
        {
            Parallel.For(0, stems.Length, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, i =>
            {
                outcomes[i] = stems[i] is { } stem
                    ? AlignOne(photos, i, folder, stem)
                    : new Outcome(OutcomeKind.Unreadable, 0, false, "its name leads out of the collection, or another file has the same");
                lock (reporting)
                {
                    progress?.Report(new WorkProgress("aligning", ++done, stems.Length, "photos"));
                }
            });
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<SemblanceException>().FirstOrDefault() is { } failure)
        {
            // Every worker may have met the same full disk; one is enough to tell.
            throw failure;
        }

        return outcomes;
    }

    private Outcome AlignOne(PhotoCollection photos, int index, CropFolder folder, string stem)
    {
        try
        {
            byte[] bytes = photos.ReadBytes(index);
            string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (folder.Done(stem, digest) is { } before)
            {
                return Outcome.Of(before, done: true);
            }

            PixelBuffer photo = ImageDecoder.Decode(bytes, photos.Names[index]);
            IReadOnlyList<FoundFace> found = _finder.Find(photo);
            IEnumerable<FoundFace> wanted = _options.AllFaces ? found : found.Take(1);
            var faces = new List<AlignedFace>();
            var crops = new List<(string Name, byte[] Bytes)>();
            foreach (FoundFace face in wanted)
            {
                string? refusal = _options.Thresholds.Refusal(face.Quality);
                string? crop = refusal is null ? CropName(stem, crops.Count) : null;
                faces.Add(AlignedFace.Of(face, crop, refusal));
                if (crop is not null)
                {
                    crops.Add((crop, _options.Format == CropFormat.Png ? ImageEncoder.Png(face.Crop) : ImageEncoder.Jpeg(face.Crop)));
                }
            }

            var sidecar = new AlignedPhoto
            {
                Source = photos.Names[index],
                Digest = digest,
                Width = photo.Width,
                Height = photo.Height,
                Settings = _settings,
                FacesFound = found.Count,
                Faces = faces,
            };
            folder.Replace(stem, sidecar, crops);
            return Outcome.Of(sidecar, done: false);
        }
        catch (UnreadableImageException e)
        {
            return new Outcome(OutcomeKind.Unreadable, 0, false, e.Reason);
        }
    }

    private string CropName(string stem, int number)
    {
        string name = Path.GetFileName(stem);
        return _options.AllFaces ? $"{name}.{number}.{_settings.Format}" : $"{name}.{_settings.Format}";
    }

    private enum OutcomeKind
    {
        Aligned,
        NoFace,
        Refused,
        Unreadable,
    }

    private readonly record struct Outcome(OutcomeKind Kind, int Crops, bool Before, string Reason)
    {
        public static Outcome Of(AlignedPhoto photo, bool done)
        {
            int crops = photo.Faces.Count(face => face.Crop is not null);
            return crops > 0 ? new Outcome(OutcomeKind.Aligned, crops, done, "")
                : photo.Faces.Count > 0 ? new Outcome(OutcomeKind.Refused, 0, done, photo.Faces[0].Refused ?? "refused")
                : new Outcome(OutcomeKind.NoFace, 0, done, "no face found in it");
        }
    }
}
