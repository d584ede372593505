namespace Semblance.Training.Objectives;

/// <summary>What an objective must know of the run before it can be created.</summary>
/// <param name="ClassCount">Number of identities in training, at least 1. Tuple objectives have no use for it.</param>
/// <param name="EmbeddingSize">Dimension of the embeddings, at least 1.</param>
/// <param name="Seed">The run's seed: the same seed gives the same initial parameters.</param>
public sealed record ObjectiveContext(int ClassCount, int EmbeddingSize, ulong Seed)
{
    /// <summary>Number of photos in training, for objectives that keep something per photo (β of the margin loss); 0 where it is not known.</summary>
    public int SampleCount { get; init; }

    /// <summary>The identity of each photo, for objectives that depend on how many photos a class has; empty where it is not known.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];
}
