using System.Diagnostics;
using System.Security.Cryptography;
using Semblance.Data;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Services;

/// <summary>
/// Enrols a dataset of aligned face crops, or of photographs that it crops itself: identities become subjects, images become templates (embedding of the crop, plus that of its mirror
/// image where the model's card says so). Every 256 images are committed together. Images enrolled before are recognised by their bytes and not embedded again, so a broken-off
/// enrolment goes on where it stopped.
/// </summary>
public sealed class Enroller
{
    private const int ChunkSize = 256;

    private readonly IFaceEmbedder _embedder;
    private readonly IGallery _gallery;

    /// <summary>Joins a model and a gallery of that model; owns neither.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="gallery">The gallery.</param>
    /// <exception cref="SemblanceException">The gallery holds another model's embeddings.</exception>
    public Enroller(IFaceEmbedder embedder, IGallery gallery)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.Model.Require(GalleryModel.Of(embedder.Card), gallery.Location);
        (_embedder, _gallery) = (embedder, gallery);
    }

    /// <summary>Enrols every image that can be read.</summary>
    /// <param name="dataset">The crops by identity.</param>
    /// <param name="details">What to note of everyone with a new image; null for nothing. No external id: that is one person's.</param>
    /// <param name="progress">Told of images dealt with.</param>
    /// <param name="cancellationToken">Ends the work; what was committed stays.</param>
    /// <exception cref="UsageException">The details break a rule.</exception>
    /// <exception cref="SemblanceException">The gallery cannot be written or the model fails. What was committed stays.</exception>
    public EnrolmentReport Enrol(
        FaceDataset dataset, SubjectDetails? details = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        details?.Validate();
        if (details?.ExternalId is not null)
        {
            throw new UsageException("an external id belongs to one person; set it with 'gallery set'.");
        }

        long started = Stopwatch.GetTimestamp();
        var tally = new Tally();
        int total = dataset.Images.Count;
        for (int first = 0; first < total; first += ChunkSize)
        {
            int count = Math.Min(ChunkSize, total - first);
            EnrolChunk(dataset, first, count, details, tally, cancellationToken);
            progress?.Report(new WorkProgress("enrolling", first + count, total, "images", $"{tally.Skipped.Count} skipped"));
        }

        tally.Skipped.AddRange(dataset.WithoutIdentity.Select(path => new SkippedImage(path, "lies beside the identity folders and belongs to nobody")));
        GalleryInfo info = _gallery.Describe();
        return new EnrolmentReport
        {
            Gallery = _gallery.Location,
            Images = total + dataset.WithoutIdentity.Count,
            NewSubjects = tally.NewSubjects,
            NewTemplates = tally.NewTemplates,
            AlreadyEnrolled = tally.AlreadyEnrolled,
            Skipped = [.. tally.Skipped.OrderBy(s => s.Path, StringComparer.Ordinal)],
            Subjects = info.Subjects,
            Templates = info.Templates,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
        };
    }

    private void EnrolChunk(FaceDataset dataset, int first, int count, SubjectDetails? details, Tally tally, CancellationToken cancellationToken)
    {
        Candidate[] candidates = Unknown(Digests(dataset, first, count, tally, cancellationToken), tally);
        EmbeddedFaces faces = EmbeddingExtractor.EmbedReadable(
            dataset, [.. candidates.Select(c => c.Image)], _embedder, flip: _embedder.Card.AddsMirrorImage, cancellationToken: cancellationToken);
        tally.Skipped.AddRange(faces.Unreadable.Select(u => new SkippedImage(u.Path, u.Reason)));
        var batch = new List<NewTemplate>(candidates.Length);
        for (int i = 0; i < candidates.Length; i++)
        {
            if (faces.Rows[i] is not { } embedding)
            {
                continue;
            }

            string path = dataset.Images[candidates[i].Image].Path;
            if (NewTemplate.IsUsable(embedding))
            {
                batch.Add(new NewTemplate(candidates[i].Key.Subject, embedding, path, candidates[i].Key.Digest) { Details = details });
            }
            else
            {
                tally.Skipped.Add(new SkippedImage(path, "the model's embedding is zero or no finite number"));
            }
        }

        EnrolmentOutcome outcome = _gallery.Enrol(batch, cancellationToken);
        tally.NewSubjects += outcome.NewSubjects;
        tally.NewTemplates += outcome.Added;
        tally.AlreadyEnrolled += outcome.AlreadyEnrolled.Count;
    }

    private static Candidate[] Digests(FaceDataset dataset, int first, int count, Tally tally, CancellationToken cancellationToken)
    {
        var candidates = new Candidate?[count];
        var failures = new SkippedImage?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            FaceImageEntry entry = dataset.Images[first + i];
            string subject = dataset.Identities[entry.Identity];
            if (!SubjectName.IsValid(subject))
            {
                failures[i] = new SkippedImage(entry.Path, $"its folder's name cannot be a subject's: {SubjectName.Rule}");
                return;
            }

            try
            {
                candidates[i] = new Candidate(first + i, new TemplateKey(subject, SHA256.HashData(dataset.ReadBytes(first + i))));
            }
            catch (UnreadableImageException e)
            {
                failures[i] = new SkippedImage(entry.Path, e.Reason);
            }
        });
        tally.Skipped.AddRange(failures.OfType<SkippedImage>());
        return [.. candidates.Where(c => c is not null).Select(c => c!.Value)];
    }

    private Candidate[] Unknown(Candidate[] candidates, Tally tally)
    {
        IReadOnlyList<bool> enrolled = _gallery.AreEnrolled([.. candidates.Select(c => c.Key)]);
        Candidate[] unknown = [.. candidates.Where((_, i) => !enrolled[i])];
        tally.AlreadyEnrolled += candidates.Length - unknown.Length;
        return unknown;
    }

    private readonly record struct Candidate(int Image, TemplateKey Key);

    private sealed class Tally
    {
        public int NewSubjects { get; set; }

        public int NewTemplates { get; set; }

        public int AlreadyEnrolled { get; set; }

        public List<SkippedImage> Skipped { get; } = [];
    }
}
