using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Services;

/// <summary>
/// Finds the people of a gallery on aligned face crops, or on photographs: then every face of a photo is looked up. Each search sees the
/// gallery as it stands then. Decides by the gallery's own threshold where it has one, else by that of the model's card.
/// </summary>
public sealed class Identifier
{
    // Photos whose faces go through the model together: enough to fill its batches, few enough to hold their crops.
    private const int ChunkSize = 256;

    private readonly IFaceEmbedder _embedder;
    private readonly IGallery _gallery;

    /// <summary>Joins a model and a gallery of that model; owns neither.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="gallery">The gallery.</param>
    /// <exception cref="SemblanceException">The gallery holds another model's embeddings.</exception>
    public Identifier(IFaceEmbedder embedder, IGallery gallery)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.Model.Require(GalleryModel.Of(embedder.Card), gallery.Location);
        (_embedder, _gallery) = (embedder, gallery);
    }

    /// <summary>Identifies images. One that cannot be used has its error in its place and does not disturb the others.</summary>
    /// <param name="images">Paths of image files.</param>
    /// <param name="options">How many candidates, and which.</param>
    /// <param name="cropper">Finds the faces of photographs; null where the images are aligned crops.</param>
    /// <param name="progress">Told of images dealt with.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>In the order of the images: an answer per crop, and per photograph one for each face, the main one first, or one with an error.</returns>
    /// <exception cref="UsageException">An option is out of range.</exception>
    /// <exception cref="SemblanceException">The model fails, or the gallery cannot be read (or written, where sightings are noted).</exception>
    public IReadOnlyList<Identification> Identify(
        IReadOnlyList<string> images,
        IdentificationOptions? options = null,
        FaceCropper? cropper = null,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new IdentificationOptions();
        options.Validate();
        MatchThreshold? threshold = MatchThreshold.Of(_gallery.Settings, _embedder.Card);
        var answers = new List<Identification>();
        for (int first = 0; first < images.Count; first += ChunkSize)
        {
            string[] chunk = [.. images.Skip(first).Take(ChunkSize)];
            Identification[] found = Identify(chunk, options, threshold, cropper, cancellationToken);
            if (options.MarkSeen)
            {
                _gallery.MarkSeen([.. found.Where(a => a.Match == true).Select(a => a.Candidates[0].Subject).Distinct()], DateTimeOffset.UtcNow);
            }

            answers.AddRange(found);
            progress?.Report(new WorkProgress("identifying", first + chunk.Length, images.Count, "images"));
        }

        return answers;
    }

    private Identification[] Identify(
        string[] images, IdentificationOptions options, MatchThreshold? threshold, FaceCropper? cropper, CancellationToken cancellationToken)
    {
        var found = new Probe[images.Length][];
        Parallel.For(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            i => found[i] = Probes(images[i], cropper));
        Probe[] probes = [.. found.SelectMany(p => p)];
        Probe[] faces = [.. probes.Where(p => p.Crop is not null)];
        float[][] rows = EmbeddingExtractor.Embed([.. faces.Select(p => p.Crop!)], _embedder, flip: _embedder.Card.AddsMirrorImage, cancellationToken: cancellationToken);
        int[] usable = [.. Enumerable.Range(0, faces.Length).Where(i => NewTemplate.IsUsable(rows[i]))];
        SubjectMatch[][] nearest = _gallery.Search([.. usable.SelectMany(i => rows[i])], usable.Length, options.Top, options.Filter, cancellationToken);
        var candidates = new Dictionary<Probe, SubjectMatch[]>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < usable.Length; i++)
        {
            candidates[faces[usable[i]]] = nearest[i];
        }

        return [.. probes.Select(probe => Answer(probe, candidates.GetValueOrDefault(probe), threshold))];
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

    private static Identification Answer(Probe probe, SubjectMatch[]? candidates, MatchThreshold? threshold) => new()
    {
        Image = probe.Image,
        Face = probe.Face,
        Match = threshold is null || candidates is null ? null : candidates.Length > 0 && threshold.Accepts(candidates[0].Cosine),
        Threshold = threshold,
        Candidates = candidates ?? [],
        Error = candidates is null ? probe.Error ?? "the model's embedding is zero or no finite number" : null,
    };

    private sealed record Probe(string Image, PixelBuffer? Crop, IdentifiedFace? Face, string? Error);
}
