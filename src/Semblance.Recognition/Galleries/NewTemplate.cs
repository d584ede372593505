namespace Semblance.Recognition.Galleries;

/// <summary>One face to enrol.</summary>
/// <param name="Subject">The person's name, see <see cref="SubjectName"/>. A subject that the gallery lacks is created.</param>
/// <param name="Embedding">The embedding, finite and not zero; galleries keep it as given, the index normalises.</param>
/// <param name="Source">Where the image came from, for people.</param>
/// <param name="Digest">SHA-256 of the image file's bytes (32 bytes): the same digest is enrolled once per subject.</param>
/// <param name="Created">When it was made; the moment of enrolment where null.</param>
public sealed record NewTemplate(string Subject, float[] Embedding, string Source, byte[] Digest, DateTimeOffset? Created = null);
