using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>What a miner must know of the objective that it mines for.</summary>
/// <param name="Distance">The distance that it is shown.</param>
/// <param name="Normalised">Whether embeddings have unit length.</param>
/// <param name="Margin">The penalty's margin, or null where it has none.</param>
/// <param name="EmbeddingSize">Dimension of the embeddings.</param>
public sealed record MinerContext(Distance Distance, bool Normalised, double? Margin, int EmbeddingSize);

/// <summary>A miner that can be asked for by name.</summary>
/// <param name="Name">The name in a config.</param>
/// <param name="Summary">One line: what it chooses, and its paper.</param>
/// <param name="Parameters">Its parameters in the order in which a person should read them.</param>
/// <param name="Create">Makes it from checked arguments.</param>
public sealed record MinerDefinition(
    string Name,
    string Summary,
    IReadOnlyList<ObjectiveParameter> Parameters,
    Func<ObjectiveArguments, MinerContext, ITupleMiner<TupleSelection>> Create) : IComponentDefinition;
