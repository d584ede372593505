namespace Semblance.Training.Tuples;

/// <summary>
/// A penalty that also looks from a pair's other photo, not from its anchor alone: columns of the distance matrix must be its rows, so it cannot
/// compare with a memory beyond the batch.
/// </summary>
public interface ISquareLoss;
