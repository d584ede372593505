using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Clustering;

/// <summary>Finds, aligns and embeds the faces of photographs, or embeds crops. Photos that cannot be used are told of and do not disturb the others.</summary>
public sealed class FaceCollector
{
    // Photos whose faces go through the model together: enough to fill its batches, few enough to hold their crops.
    private const int ChunkSize = 256;

    private readonly IFaceEmbedder _embedder;
    private readonly FaceCropper? _cropper;
    private readonly bool _mainOnly;

    /// <summary>Sets the work up; owns neither model nor cropper.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="cropper">Finds the faces; null where the images are aligned crops.</param>
    /// <param name="mainOnly">Whether the main face alone is taken of each photo.</param>
    public FaceCollector(IFaceEmbedder embedder, FaceCropper? cropper, bool mainOnly = false)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        (_embedder, _cropper, _mainOnly) = (embedder, cropper, mainOnly);
    }

    /// <summary>Collects.</summary>
    /// <param name="photos">The photographs.</param>
    /// <param name="crops">Given each face's place in the result and its crop, in order; null where crops are not wanted.</param>
    /// <param name="progress">Told of photos dealt with.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SemblanceException">The detector or the model fails.</exception>
    public CollectedFaces Collect(
        PhotoCollection photos, Action<int, PixelBuffer>? crops = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        var tally = new Tally();
        for (int first = 0; first < photos.Names.Count; first += ChunkSize)
        {
            int count = Math.Min(ChunkSize, photos.Names.Count - first);
            Looked[] looked = new Looked[count];
            Look(photos, first, looked, cancellationToken);
            Embed(looked, tally, crops, cancellationToken);
            progress?.Report(new WorkProgress("collecting faces", first + count, photos.Names.Count, "photos", $"{tally.Faces.Count} faces"));
        }

        return new CollectedFaces(tally.Faces, tally.RefusedFaces, tally.WithoutFace, tally.Refused, tally.Unreadable);
    }

    private void Look(PhotoCollection photos, int first, Looked[] looked, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(
                0,
                looked.Length,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
                i => looked[i] = Look(photos, first + i));
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<SemblanceException>().FirstOrDefault() is { } failure)
        {
            throw failure;
        }
    }

    private Looked Look(PhotoCollection photos, int photo)
    {
        string name = photos.Names[photo];
        try
        {
            PixelBuffer pixels = ImageDecoder.Decode(photos.ReadBytes(photo), name);
            if (_cropper?.FindJudged(pixels) is not { } found)
            {
                return new Looked(name, [new Face(1, null, pixels)], 0, null, null);
            }

            (FoundFace Face, string? Refusal)[] wanted = [.. _mainOnly ? found.Take(1) : found];
            Face[] usable = [.. wanted.Index().Where(f => f.Item.Refusal is null).Select(f => new Face(f.Index + 1, f.Item.Face.Box, f.Item.Face.Crop))];
            return new Looked(name, usable, wanted.Length - usable.Length, wanted.Length > 0 ? wanted[0].Refusal : null, null);
        }
        catch (UnreadableImageException e)
        {
            return new Looked(name, [], 0, null, e.Reason);
        }
    }

    private void Embed(Looked[] looked, Tally tally, Action<int, PixelBuffer>? crops, CancellationToken cancellationToken)
    {
        PixelBuffer[] pixels = [.. looked.SelectMany(l => l.Faces).Select(f => f.Crop)];
        float[][] rows = EmbeddingExtractor.Embed(pixels, _embedder, flip: _embedder.Card.AddsMirrorImage, cancellationToken: cancellationToken);
        int row = 0;
        foreach (Looked photo in looked)
        {
            tally.RefusedFaces += photo.RefusedFaces;
            if (photo.Unreadable is { } reason)
            {
                tally.Unreadable.Add(new UnreadableImage(photo.Name, reason));
            }
            else if (photo.Faces.Length == 0 && photo.Refusal is { } refusal)
            {
                tally.Refused.Add(new UnreadableImage(photo.Name, refusal) { HasNoFace = true });
            }
            else if (photo.Faces.Length == 0)
            {
                tally.WithoutFace.Add(photo.Name);
            }

            foreach (Face face in photo.Faces)
            {
                float[] embedding = rows[row++];
                if (!NewTemplate.IsUsable(embedding))
                {
                    tally.RefusedFaces++;
                    tally.Refused.Add(new UnreadableImage(photo.Name, "the model's embedding is zero or no finite number") { HasNoFace = true });
                    continue;
                }

                crops?.Invoke(tally.Faces.Count, face.Crop);
                tally.Faces.Add(new CollectedFace(photo.Name, face.Number, face.Box, embedding));
            }
        }
    }

    private sealed record Face(int Number, FaceBox? Box, PixelBuffer Crop);

    private sealed record Looked(string Name, Face[] Faces, int RefusedFaces, string? Refusal, string? Unreadable);

    private sealed class Tally
    {
        public List<CollectedFace> Faces { get; } = [];

        public int RefusedFaces { get; set; }

        public List<string> WithoutFace { get; } = [];

        public List<UnreadableImage> Refused { get; } = [];

        public List<UnreadableImage> Unreadable { get; } = [];
    }
}
