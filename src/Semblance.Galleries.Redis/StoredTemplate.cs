namespace Semblance.Galleries.Redis;

/// <summary>A template as read from its hash.</summary>
/// <param name="Id">The template's number.</param>
/// <param name="SubjectId">The subject's number.</param>
/// <param name="Subject">The subject's name.</param>
/// <param name="Embedding">The embedding as enrolled.</param>
/// <param name="KeyId">The key that it is encrypted with, or null.</param>
/// <param name="Source">Where the image came from.</param>
/// <param name="Digest">SHA-256 of the image file.</param>
/// <param name="Created">When it was enrolled.</param>
internal sealed record StoredTemplate(
    long Id, long SubjectId, string Subject, float[] Embedding, string? KeyId, string Source, byte[] Digest, DateTimeOffset Created);
