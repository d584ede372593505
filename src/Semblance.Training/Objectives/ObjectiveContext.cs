namespace Semblance.Training.Objectives;

/// <summary>What an objective must know of the run before it can be created.</summary>
/// <param name="ClassCount">Number of identities in training, at least 1. Tuple objectives have no use for it.</param>
/// <param name="EmbeddingSize">Dimension of the embeddings, at least 1.</param>
/// <param name="Seed">The run's seed: the same seed gives the same initial parameters.</param>
public sealed record ObjectiveContext(int ClassCount, int EmbeddingSize, ulong Seed);
