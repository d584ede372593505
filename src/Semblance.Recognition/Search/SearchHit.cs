namespace Semblance.Recognition.Search;

/// <summary>A row found by a search.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Score">Cosine similarity to the probe, in [−1, 1].</param>
public readonly record struct SearchHit(long Id, float Score);
