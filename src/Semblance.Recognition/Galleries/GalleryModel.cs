using System.Text.Json.Serialization;
using Semblance.Models;

namespace Semblance.Recognition.Galleries;

/// <summary>The model whose embeddings a gallery holds. Embeddings of different models mean nothing to each other.</summary>
/// <param name="Fingerprint">SHA-256 (hex) over the model's weights, see <see cref="ModelCard.ModelFingerprint"/>.</param>
/// <param name="Backbone">The backbone's name, for messages.</param>
/// <param name="Loss">The loss it was trained with, for messages.</param>
/// <param name="EmbeddingSize">Floats in an embedding.</param>
public sealed record GalleryModel(
    [property: JsonPropertyName("fingerprint")] string Fingerprint,
    [property: JsonPropertyName("backbone")] string Backbone,
    [property: JsonPropertyName("loss")] string Loss,
    [property: JsonPropertyName("embedding_size")] int EmbeddingSize)
{
    /// <summary>Takes from a card what a gallery needs to know.</summary>
    /// <param name="card">The model's card.</param>
    public static GalleryModel Of(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new GalleryModel(card.ModelFingerprint, card.Backbone, card.Loss, card.EmbeddingSize);
    }

    /// <summary>Whether embeddings of both can be compared: same weights, same size.</summary>
    /// <param name="other">Another model.</param>
    public bool IsComparableTo(GalleryModel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return EmbeddingSize == other.EmbeddingSize && string.Equals(Fingerprint, other.Fingerprint, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Refuses a model other than this one.</summary>
    /// <param name="other">The model that someone wants to use.</param>
    /// <param name="gallery">The gallery's name, for the message.</param>
    /// <exception cref="SemblanceException">The models differ.</exception>
    public void Require(GalleryModel other, string gallery)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!IsComparableTo(other))
        {
            throw new SemblanceException($"gallery {gallery} was made with model {this}, this model is {other}: re-enrol or use that model.");
        }
    }

    /// <summary>The first twelve digits of the fingerprint, backbone and loss: enough to tell models apart.</summary>
    public override string ToString() => $"{Fingerprint[..Math.Min(12, Fingerprint.Length)]} ({Backbone}, {Loss}, {EmbeddingSize}-d)";
}
