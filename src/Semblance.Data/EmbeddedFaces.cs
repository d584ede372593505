namespace Semblance.Data;

/// <summary>Embeddings of images of which some could not be read.</summary>
/// <param name="Rows">One entry per image asked for: its L2-normalised embedding, or null where it could not be read.</param>
/// <param name="Unreadable">Those that could not be read, in the order asked for.</param>
public sealed record EmbeddedFaces(IReadOnlyList<float[]?> Rows, IReadOnlyList<UnreadableImage> Unreadable);
