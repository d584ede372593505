using Semblance.Data;

namespace Semblance.Recognition.Clustering;

/// <summary>All faces of a collection of photographs, and what came to nothing.</summary>
/// <param name="Faces">The faces, by photo, then by number.</param>
/// <param name="RefusedFaces">Faces that were found and are not good enough.</param>
/// <param name="WithoutFace">Photos in which no face was found.</param>
/// <param name="Refused">Photos of which no face is good enough, and why the main one is not.</param>
/// <param name="Unreadable">Files that are no sound images, and why.</param>
public sealed record CollectedFaces(
    IReadOnlyList<CollectedFace> Faces,
    int RefusedFaces,
    IReadOnlyList<string> WithoutFace,
    IReadOnlyList<UnreadableImage> Refused,
    IReadOnlyList<UnreadableImage> Unreadable);
