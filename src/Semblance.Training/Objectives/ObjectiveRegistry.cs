using Semblance.Training.Margins;
using Semblance.Training.Proxies;
using Semblance.Training.Tuples;

namespace Semblance.Training.Objectives;

/// <summary>All objectives by name. To add one: its file, and a line in the table of its family.</summary>
public static class ObjectiveRegistry
{
    private static readonly ObjectiveDefinition[] All =
        [.. MarginObjectives.All, .. TupleObjectives.All, .. ProxyObjectives.All, CrossBatchMemoryObjective.Definition, JointObjectiveDefinition.Definition];

    /// <summary>The names of all objectives, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(d => d.Name)];

    /// <summary>Everything there is to know of an objective before it is made: parameters with defaults and docs.</summary>
    /// <param name="name">The objective's name.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static ObjectiveDefinition Describe(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(All, d => d.Name == name)
            ?? throw new UsageException($"There is no objective '{name}'; {NameSuggestion.Sentence(name, [.. Names])}");
    }

    /// <summary>Creates an objective.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Values by key as a config or the command line gives them (string, number or boolean); what is missing takes its default.</param>
    /// <param name="context">What it must know of the run.</param>
    /// <returns>The module, in float32 on the CPU; the caller owns it.</returns>
    /// <exception cref="UsageException">The name or a key is unknown, or a value is not allowed.</exception>
    public static Objective Create(string name, IReadOnlyDictionary<string, object?> parameters, ObjectiveContext context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        ObjectiveDefinition definition = Describe(name);
        return definition.Create(ObjectiveArguments.Bind($"objective '{name}'", definition.Parameters, parameters), context);
    }

    /// <summary>Whether the objective compares photos within the batch, so that batches should hold several of each identity (P × K).</summary>
    /// <param name="name">The objective's name.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static bool NeedsIdentityBatches(string name) => Describe(name).NeedsIdentityBatches;

    /// <summary>The same for given parameters: a joint objective needs what its parts need.</summary>
    /// <param name="name">The objective's name.</param>
    /// <param name="parameters">Values by key as a config gives them.</param>
    /// <exception cref="UsageException">The name or a key is unknown, or a value is not allowed.</exception>
    public static bool NeedsIdentityBatches(string name, IReadOnlyDictionary<string, object?> parameters)
    {
        ObjectiveDefinition definition = Describe(name);
        return definition.NeedsIdentityBatchesWith?.Invoke(ObjectiveArguments.Bind($"objective '{name}'", definition.Parameters, parameters))
            ?? definition.NeedsIdentityBatches;
    }
}
