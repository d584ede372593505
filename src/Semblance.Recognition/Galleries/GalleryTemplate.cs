namespace Semblance.Recognition.Galleries;

/// <summary>A face as a gallery holds it.</summary>
/// <param name="Id">The template's number, rising in the order of enrolment and never used twice.</param>
/// <param name="SubjectId">The subject's number.</param>
/// <param name="Subject">The subject's name.</param>
/// <param name="Embedding">The embedding as enrolled.</param>
/// <param name="Source">Where the image came from.</param>
/// <param name="Digest">SHA-256 of the image file's bytes.</param>
/// <param name="Created">When it was enrolled (UTC).</param>
public sealed record GalleryTemplate(long Id, long SubjectId, string Subject, float[] Embedding, string Source, byte[] Digest, DateTimeOffset Created);
