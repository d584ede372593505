using Semblance.Data;
using Semblance.Models;
using Semblance.Numerics;
using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Services;

/// <summary>Compares two faces: aligned crops, or the main faces of photographs.</summary>
public sealed class Verifier
{
    private readonly IFaceEmbedder _embedder;
    private readonly IFaceCropper? _cropper;

    /// <summary>Uses a model; owns nothing.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="cropper">Crops the main face out of photographs; null where images are aligned crops.</param>
    public Verifier(IFaceEmbedder embedder, IFaceCropper? cropper = null)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        (_embedder, _cropper) = (embedder, cropper);
    }

    /// <summary>Compares two image files.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="second">The second image.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SemblanceException">An image cannot be read or shows no usable face, or the model fails on it.</exception>
    public Verification Verify(string first, string second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        string[] files = [first, second];
        EmbeddedFaces faces = EmbeddingExtractor.EmbedReadable(files, _embedder, flip: _embedder.Card.AddsMirrorImage, _cropper, cancellationToken: cancellationToken);
        if (faces.Unreadable is [var unreadable, ..])
        {
            throw new UnreadableImageException(unreadable.Path, unreadable.Reason);
        }

        for (int i = 0; i < files.Length; i++)
        {
            if (!NewTemplate.IsUsable(faces.Rows[i]))
            {
                throw new SemblanceException($"{files[i]}: the model's embedding is zero or no finite number; it cannot be compared.");
            }
        }

        float cosine = Similarity.Cosine(faces.Rows[0], faces.Rows[1]);
        MatchThreshold? threshold = MatchThreshold.Of(_embedder.Card);
        return new Verification(first, second, cosine, threshold?.Accepts(cosine), threshold);
    }
}
