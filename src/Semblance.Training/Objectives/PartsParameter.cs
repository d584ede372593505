namespace Semblance.Training.Objectives;

/// <summary>What was written of one part of a joint objective.</summary>
/// <param name="Name">Its name within the sum.</param>
/// <param name="Loss">The objective.</param>
/// <param name="Arguments">Its checked arguments.</param>
/// <param name="Weight">Its weight.</param>
public sealed record WrittenPart(string Name, ObjectiveDefinition Loss, ObjectiveArguments Arguments, IWeightSchedule Weight);

/// <summary>The parts of a joint objective: a list of mappings with <c>loss</c>, <c>weight</c>, perhaps <c>name</c>, and the loss's own parameters beside them.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The parts where none are given.</param>
/// <param name="Description">What they are.</param>
public sealed record PartsParameter(string Name, IReadOnlyList<IReadOnlyDictionary<string, object?>> Default, string Description) : ObjectiveParameter(Name, Description)
{
    private static readonly WeightParameter Weight = new("weight", 1, "The part's weight in the sum.");

    /// <inheritdoc/>
    public override string DefaultText => string.Join(
        ", ", Default.Select(part => "{" + string.Join(", ", part.Select(p => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{p.Key}: {p.Value}"))) + "}"));

    /// <inheritdoc/>
    public override string Allowed => "a list of parts, each {loss: NAME, weight: NUMBER or schedule, and the loss's own parameters}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Convert(Default);

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        if (value is not System.Collections.IEnumerable list || value is string or IReadOnlyDictionary<string, object?>)
        {
            return null;
        }

        List<WrittenPart> parts = [];
        foreach (object? item in list)
        {
            if (item is not IReadOnlyDictionary<string, object?> map || map.GetValueOrDefault("loss") is not string loss)
            {
                return null;
            }

            ObjectiveDefinition definition = ObjectiveRegistry.Describe(loss);
            string name = map.GetValueOrDefault("name") as string ?? loss;
            object? weight = map.TryGetValue(Weight.Name, out object? written) ? Weight.Convert(written) : Weight.DefaultValue;
            if (weight is not IWeightSchedule schedule)
            {
                throw new UsageException($"The weight of the part '{name}' is '{written}'; expected {Weight.Allowed}.");
            }

            Dictionary<string, object?> own = map.Where(p => p.Key is not ("loss" or "name" or "weight")).ToDictionary(StringComparer.Ordinal);
            parts.Add(new WrittenPart(name, definition, ObjectiveArguments.Bind($"objective '{loss}'", definition.Parameters, own), schedule));
        }

        return parts.Count == 0 ? null : parts;
    }
}
