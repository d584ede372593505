namespace Semblance.Recognition.Packs;

/// <summary>The files of a detector.</summary>
/// <param name="Name">What it was asked for by.</param>
/// <param name="Path">The detector's file.</param>
/// <param name="Family">Its family; null to recognise it from the graph.</param>
/// <param name="LandmarksPath">The file of the landmark model that follows; null where the detector gives points itself or nothing follows.</param>
public sealed record ResolvedDetector(string Name, string Path, string? Family, string? LandmarksPath);
