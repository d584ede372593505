namespace Semblance.Training.Objectives;

/// <summary>A part that can be asked for by name, with parameters of its own: a miner, a sampler.</summary>
public interface IComponentDefinition
{
    /// <summary>The name in a config.</summary>
    string Name { get; }

    /// <summary>One line: what it does, and its paper.</summary>
    string Summary { get; }

    /// <summary>Its parameters in the order in which a person should read them.</summary>
    IReadOnlyList<ObjectiveParameter> Parameters { get; }
}

/// <summary>A part that was named, with its arguments.</summary>
/// <typeparam name="T">The kind of definition.</typeparam>
/// <param name="Definition">What was named.</param>
/// <param name="Arguments">Its checked arguments.</param>
public sealed record ComponentChoice<T>(T Definition, ObjectiveArguments Arguments)
    where T : IComponentDefinition;

/// <summary>One of several parts, each with parameters of its own: written as its name alone, or as a mapping with <c>name</c> and parameters.</summary>
/// <typeparam name="T">The kind of definition.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Default">The default's name.</param>
/// <param name="Kind">What it is called in messages: "miner".</param>
/// <param name="Choices">All that can be named.</param>
/// <param name="Description">What it does.</param>
public sealed record ComponentParameter<T>(string Name, string Default, string Kind, IReadOnlyList<T> Choices, string Description)
    : ObjectiveParameter(Name, Description)
    where T : IComponentDefinition
{
    private const string NameKey = "name";

    /// <inheritdoc/>
    public override string DefaultText => Default;

    /// <inheritdoc/>
    public override string Allowed => $"one of {string.Join(", ", Choices.Select(c => c.Name))}, or a mapping of its name and parameters: {{name: {Default}, …}}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Convert(Default);

    /// <summary>Finds what was named and binds its parameters.</summary>
    /// <param name="value">A name, or a mapping of <c>name</c> and parameters.</param>
    /// <returns>The choice, or null where the value is neither.</returns>
    /// <exception cref="UsageException">The name or a parameter is unknown, or a parameter's value is not allowed.</exception>
    public ComponentChoice<T>? Choose(object? value)
    {
        (string? name, Dictionary<string, object?> parameters) = value switch
        {
            string text => (text.Trim(), []),
            IReadOnlyDictionary<string, object?> map => (
                map.GetValueOrDefault(NameKey) as string,
                map.Where(pair => pair.Key != NameKey).ToDictionary(StringComparer.Ordinal)),
            _ => (null, new Dictionary<string, object?>()),
        };
        if (name is null)
        {
            return null;
        }

        T? definition = Choices.FirstOrDefault(c => c.Name == name);
        return definition is null
            ? throw new UsageException($"There is no {Kind} '{name}'; {NameSuggestion.Sentence(name, [.. Choices.Select(c => c.Name)])}")
            : new ComponentChoice<T>(definition, ObjectiveArguments.Bind($"{Kind} '{name}'", definition.Parameters, parameters));
    }

    /// <inheritdoc/>
    internal override object? Convert(object? value) => Choose(value);
}
