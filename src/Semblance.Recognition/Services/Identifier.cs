using Semblance.Data;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Services;

/// <summary>Finds the people of a gallery on aligned face crops. Holds the gallery as it stood when loaded.</summary>
public sealed class Identifier
{
    private readonly IFaceEmbedder _embedder;
    private readonly GalleryIndex _index;

    private Identifier(IFaceEmbedder embedder, GalleryIndex index) => (_embedder, _index) = (embedder, index);

    /// <summary>Loads a gallery to search in; owns neither model nor gallery.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="SemblanceException">The gallery holds another model's embeddings, or cannot be read.</exception>
    public static Identifier Load(IFaceEmbedder embedder, IGallery gallery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.Model.Require(GalleryModel.Of(embedder.Card), gallery.Location);
        return new Identifier(embedder, gallery.LoadIndex(cancellationToken));
    }

    /// <summary>Number of subjects searched.</summary>
    public int SubjectCount => _index.SubjectCount;

    /// <summary>Identifies images. One that cannot be read has its error in its place and does not disturb the others.</summary>
    /// <param name="images">Paths of image files: aligned crops.</param>
    /// <param name="top">The most candidates per image, at least 1.</param>
    /// <param name="progress">Told of embedded images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>An answer per image, in order.</returns>
    /// <exception cref="UsageException"><paramref name="top"/> is below 1.</exception>
    /// <exception cref="SemblanceException">The model fails.</exception>
    public IReadOnlyList<Identification> Identify(
        IReadOnlyList<string> images, int top = 5, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (top < 1)
        {
            throw new UsageException($"top is {top}; expected 1 or more.");
        }

        EmbeddedFaces faces = EmbeddingExtractor.EmbedReadable(images, _embedder, flip: true, progress: progress, cancellationToken: cancellationToken);
        var usable = Enumerable.Range(0, images.Count).Where(i => faces.Rows[i] is { } row && NewTemplate.IsUsable(row)).ToList();
        SubjectMatch[][] found = _index.SearchBatch([.. usable.SelectMany(i => faces.Rows[i]!)], usable.Count, top, cancellationToken);
        MatchThreshold? threshold = MatchThreshold.Of(_embedder.Card);
        var answers = new Identification[images.Count];
        for (int i = 0; i < usable.Count; i++)
        {
            answers[usable[i]] = new Identification
            {
                Image = images[usable[i]],
                Match = threshold is null ? null : found[i].Length > 0 && threshold.Accepts(found[i][0].Cosine),
                Threshold = threshold,
                Candidates = found[i],
                Error = null,
            };
        }

        ILookup<string, string> reasons = faces.Unreadable.ToLookup(u => u.Path, u => u.Reason, StringComparer.Ordinal);
        for (int i = 0; i < images.Count; i++)
        {
            answers[i] ??= new Identification
            {
                Image = images[i],
                Match = null,
                Threshold = threshold,
                Candidates = [],
                Error = reasons[images[i]].FirstOrDefault() ?? "the model's embedding is zero or no finite number",
            };
        }

        return answers;
    }
}
