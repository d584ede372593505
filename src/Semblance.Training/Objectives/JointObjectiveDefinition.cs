namespace Semblance.Training.Objectives;

/// <summary>The joint objective by name: any objectives, weighted and added.</summary>
internal static class JointObjectiveDefinition
{
    private const string PartsKey = "parts";

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "joint",
        "A weighted sum of objectives, whose weights may follow a schedule (as DeepID2's identification + λ·verification, Sun et al. 2014).",
        NeedsIdentityBatches: false,
        [
            new PartsParameter(
                PartsKey,
                [
                    new Dictionary<string, object?> { ["loss"] = "softmax", ["weight"] = 1.0 },
                    new Dictionary<string, object?> { ["loss"] = "contrastive", ["weight"] = 0.05 },
                ],
                "The objectives with their weights and own parameters."),
        ],
        (arguments, context) => new JointObjective("joint", Create(arguments.Value<IReadOnlyList<WrittenPart>>(PartsKey), context)))
    {
        NeedsIdentityBatchesWith = arguments => arguments.Value<IReadOnlyList<WrittenPart>>(PartsKey)
            .Any(part => part.Loss.NeedsIdentityBatchesWith?.Invoke(part.Arguments) ?? part.Loss.NeedsIdentityBatches),
    };

    private static JointPart[] Create(IReadOnlyList<WrittenPart> parts, ObjectiveContext context) =>
        [.. parts.Select(part => new JointPart(part.Name, part.Loss.Create(part.Arguments, context), part.Weight))];
}
