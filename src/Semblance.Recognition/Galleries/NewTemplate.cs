using System.Numerics.Tensors;
using System.Security.Cryptography;

namespace Semblance.Recognition.Galleries;

/// <summary>One face to enrol.</summary>
/// <param name="Subject">The person's name, see <see cref="SubjectName"/>. A subject that the gallery lacks is created.</param>
/// <param name="Embedding">The embedding, finite and not zero; galleries keep it as given, the index normalises.</param>
/// <param name="Source">Where the image came from, for people.</param>
/// <param name="Digest">SHA-256 of the image file's bytes (32 bytes): the same digest is enrolled once per subject.</param>
/// <param name="Created">When it was made; the moment of enrolment where null.</param>
public sealed record NewTemplate(string Subject, float[] Embedding, string Source, byte[] Digest, DateTimeOffset? Created = null)
{
    /// <summary>What to note of the subject beside the name, in the same transaction, also where the image is enrolled already; null for nothing.</summary>
    public SubjectDetails? Details { get; init; }

    /// <summary>What every store checks before it writes.</summary>
    /// <param name="model">The gallery's model.</param>
    /// <param name="gallery">The gallery's name, for messages.</param>
    /// <exception cref="UsageException">The subject's name or one of its details breaks its rule.</exception>
    /// <exception cref="SemblanceException">The embedding has another size, is zero or no number, or the digest is no SHA-256.</exception>
    public void Validate(GalleryModel model, string gallery)
    {
        ArgumentNullException.ThrowIfNull(model);
        SubjectName.Require(Subject);
        Details?.Validate();
        if (Embedding.Length != model.EmbeddingSize)
        {
            throw new SemblanceException($"{Source}: its embedding has {Embedding.Length} floats, gallery {gallery} holds {model.EmbeddingSize}.");
        }

        if (!IsUsable(Embedding))
        {
            throw new SemblanceException($"{Source}: its embedding is zero or no finite number; the model cannot tell this face from any other.");
        }

        if (Digest.Length != SHA256.HashSizeInBytes)
        {
            throw new SemblanceException($"{Source}: its digest has {Digest.Length} bytes, SHA-256 has {SHA256.HashSizeInBytes}.");
        }
    }

    /// <summary>Whether an embedding can be compared: finite and not zero.</summary>
    /// <param name="embedding">The embedding.</param>
    public static bool IsUsable(ReadOnlySpan<float> embedding) =>
        !embedding.IsEmpty && TensorPrimitives.IsFiniteAll(embedding) && embedding.ContainsAnyExcept(0f);
}
