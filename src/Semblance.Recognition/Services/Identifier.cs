using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Services;

/// <summary>Finds the people of a gallery on aligned face crops, or on photographs: then every face of a photo is looked up. Holds the gallery as it stood when loaded.</summary>
public sealed class Identifier
{
    // Photos whose faces go through the model together: enough to fill its batches, few enough to hold their crops.
    private const int ChunkSize = 256;

    private readonly IFaceEmbedder _embedder;
    private readonly GalleryIndex _index;
    private readonly MatchThreshold? _threshold;

    private Identifier(IFaceEmbedder embedder, GalleryIndex index) =>
        (_embedder, _index, _threshold) = (embedder, index, MatchThreshold.Of(embedder.Card));

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

    /// <summary>Identifies images. One that cannot be used has its error in its place and does not disturb the others.</summary>
    /// <param name="images">Paths of image files.</param>
    /// <param name="top">The most candidates per face, at least 1.</param>
    /// <param name="cropper">Finds the faces of photographs; null where the images are aligned crops.</param>
    /// <param name="progress">Told of images dealt with.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>In the order of the images: an answer per crop, and per photograph one for each face, the main one first, or one with an error.</returns>
    /// <exception cref="UsageException"><paramref name="top"/> is below 1.</exception>
    /// <exception cref="SemblanceException">The model fails.</exception>
    public IReadOnlyList<Identification> Identify(
        IReadOnlyList<string> images, int top = 5, FaceCropper? cropper = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (top < 1)
        {
            throw new UsageException($"top is {top}; expected 1 or more.");
        }

        var answers = new List<Identification>();
        for (int first = 0; first < images.Count; first += ChunkSize)
        {
            string[] chunk = [.. images.Skip(first).Take(ChunkSize)];
            answers.AddRange(Identify(chunk, top, cropper, cancellationToken));
            progress?.Report(new WorkProgress("identifying", first + chunk.Length, images.Count, "images"));
        }

        return answers;
    }

    private Identification[] Identify(string[] images, int top, FaceCropper? cropper, CancellationToken cancellationToken)
    {
        var found = new Probe[images.Length][];
        Parallel.For(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            i => found[i] = Probes(images[i], cropper));
        Probe[] probes = [.. found.SelectMany(p => p)];
        Probe[] faces = [.. probes.Where(p => p.Crop is not null)];
        float[][] rows = EmbeddingExtractor.Embed([.. faces.Select(p => p.Crop!)], _embedder, flip: _embedder.Card.AddsMirrorImage, cancellationToken: cancellationToken);
        int[] usable = [.. Enumerable.Range(0, faces.Length).Where(i => NewTemplate.IsUsable(rows[i]))];
        SubjectMatch[][] nearest = _index.SearchBatch([.. usable.SelectMany(i => rows[i])], usable.Length, top, cancellationToken);
        var candidates = new Dictionary<Probe, SubjectMatch[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < usable.Length; i++)
        {
            candidates[faces[usable[i]]] = nearest[i];
        }

        return [.. probes.Select(probe => Answer(probe, candidates.GetValueOrDefault(probe)))];
    }

    private static Probe[] Probes(string image, FaceCropper? cropper)
    {
        try
        {
            PixelBuffer pixels = ImageDecoder.DecodeFile(image);
            if (cropper?.FindAll(pixels) is not var (faces, refused))
            {
                return [new Probe(image, pixels, null, null)];
            }

            return faces.Count > 0
                ? [.. faces.Select((face, i) => new Probe(image, face.Crop, IdentifiedFace.Of(i + 1, face), null))]
                : [new Probe(image, null, null, refused > 0 ? $"none of its {refused} faces is good enough" : "no face found in it")];
        }
        catch (UnreadableImageException e)
        {
            return [new Probe(image, null, null, e.Reason)];
        }
    }

    private Identification Answer(Probe probe, SubjectMatch[]? candidates) => new()
    {
        Image = probe.Image,
        Face = probe.Face,
        Match = _threshold is null || candidates is null ? null : candidates.Length > 0 && _threshold.Accepts(candidates[0].Cosine),
        Threshold = _threshold,
        Candidates = candidates ?? [],
        Error = candidates is null ? probe.Error ?? "the model's embedding is zero or no finite number" : null,
    };

    private sealed record Probe(string Image, PixelBuffer? Crop, IdentifiedFace? Face, string? Error);
}
