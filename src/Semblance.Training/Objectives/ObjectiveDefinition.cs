namespace Semblance.Training.Objectives;

/// <summary>An objective that can be asked for by name: what it is, what parameters it has, how it is made.</summary>
/// <param name="Name">The name in a config and on the command line.</param>
/// <param name="Summary">One line: what it minimises, and its paper.</param>
/// <param name="NeedsIdentityBatches">True where batches should hold several photos of each identity (P × K).</param>
/// <param name="Parameters">Its parameters in the order in which a person should read them.</param>
/// <param name="Create">Makes it from checked arguments.</param>
public sealed record ObjectiveDefinition(
    string Name,
    string Summary,
    bool NeedsIdentityBatches,
    IReadOnlyList<ObjectiveParameter> Parameters,
    Func<ObjectiveArguments, ObjectiveContext, Objective> Create) : IComponentDefinition
{
    /// <summary>Where it depends on the arguments whether batches should be P × K; null where it does not.</summary>
    public Func<ObjectiveArguments, bool>? NeedsIdentityBatchesWith { get; init; }
}
