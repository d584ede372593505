using Semblance.Data.Sampling;
using Semblance.Training.Objectives;

namespace Semblance.Training.Sampling;

/// <summary>A sampler that can be asked for by name.</summary>
/// <param name="Name">The name in a config.</param>
/// <param name="Summary">One line: which batches it makes, and its paper.</param>
/// <param name="Parameters">Its parameters in the order in which a person should read them.</param>
/// <param name="Create">Makes it from checked arguments.</param>
public sealed record SamplerDefinition(
    string Name,
    string Summary,
    IReadOnlyList<ObjectiveParameter> Parameters,
    Func<ObjectiveArguments, SamplerContext, IBatchSampler> Create) : IComponentDefinition;
