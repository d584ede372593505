namespace Semblance.Data;

/// <summary>An image that could not be read or decoded, and why.</summary>
/// <param name="Path">The image's path, relative to its dataset.</param>
/// <param name="Reason">A few words for a person, for example "cut short".</param>
public sealed record UnreadableImage(string Path, string Reason);
