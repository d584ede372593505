namespace Semblance.Laboratory.Experiments;

/// <summary>What a loss has made of the people of the plane.</summary>
/// <param name="Label">The loss with its parameters.</param>
/// <param name="Seen">Photos that were trained on.</param>
/// <param name="Unseen">Other photos of the same people.</param>
public sealed record PlaneResult(string Label, PlanePoints Seen, PlanePoints Unseen);
