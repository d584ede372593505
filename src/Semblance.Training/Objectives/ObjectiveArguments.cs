using System.Globalization;

namespace Semblance.Training.Objectives;

/// <summary>The values of the parameters of an objective, or of a part that is named with its own (a miner, a sampler), checked and converted: what was given, else the defaults.</summary>
public sealed class ObjectiveArguments
{
    private readonly string _owner;
    private readonly Dictionary<string, object?> _values;
    private readonly HashSet<string> _given;

    private ObjectiveArguments(string owner, Dictionary<string, object?> values, HashSet<string> given) =>
        (_owner, _values, _given) = (owner, values, given);

    /// <summary>Checks what was given against the parameters that there are.</summary>
    /// <param name="owner">Whose parameters they are, for messages: "objective 'arcface'".</param>
    /// <param name="parameters">What it knows.</param>
    /// <param name="given">What was written: strings, numbers, booleans, lists or mappings by key.</param>
    /// <exception cref="UsageException">A key is unknown or a value is not allowed.</exception>
    public static ObjectiveArguments Bind(
        string owner, IReadOnlyList<ObjectiveParameter> parameters, IReadOnlyDictionary<string, object?> given)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(given);
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach (ObjectiveParameter parameter in parameters)
        {
            values.Add(parameter.Name, parameter.DefaultValue);
        }

        foreach ((string key, object? value) in given)
        {
            ObjectiveParameter parameter = parameters.FirstOrDefault(p => p.Name == key)
                ?? throw new UsageException(parameters.Count == 0
                    ? $"The {owner} takes no parameters; '{key}' was given."
                    : $"The {owner} has no parameter '{key}'; {NameSuggestion.Sentence(key, [.. values.Keys])}");
            values[key] = parameter.Convert(value) ?? throw new UsageException(
                $"The parameter '{key}' of the {owner} is {Written(value)}; expected {parameter.Allowed}.");
        }

        return new ObjectiveArguments(owner, values, new HashSet<string>(given.Keys, StringComparer.Ordinal));
    }

    /// <summary>Whether the parameter was given, rather than left to its default.</summary>
    /// <param name="name">The parameter.</param>
    public bool IsGiven(string name) => _given.Contains(name);

    /// <summary>The value of a real parameter.</summary>
    /// <param name="name">The parameter.</param>
    public double Real(string name) => (double)_values[name]!;

    /// <summary>The value of a real parameter, or null where it was not given and has no default of its own.</summary>
    /// <param name="name">The parameter.</param>
    public double? RealOrNull(string name) => (double?)_values[name];

    /// <summary>The value of a switch.</summary>
    /// <param name="name">The parameter.</param>
    public bool Flag(string name) => (bool)_values[name]!;

    /// <summary>What the chosen name stands for.</summary>
    /// <typeparam name="T">The type of the choice's values.</typeparam>
    /// <param name="name">The parameter.</param>
    public T Choice<T>(string name)
        where T : notnull => (T)_values[name]!;

    /// <summary>The value of a whole-number parameter.</summary>
    /// <param name="name">The parameter.</param>
    public int Whole(string name) => (int)_values[name]!;

    /// <summary>The value of a whole-number parameter, or null where it was not given and has no default of its own.</summary>
    /// <param name="name">The parameter.</param>
    public int? WholeOrNull(string name) => (int?)_values[name];

    /// <summary>The part that was named, with its own arguments.</summary>
    /// <typeparam name="T">The kind of definition it was chosen from.</typeparam>
    /// <param name="name">The parameter.</param>
    public ComponentChoice<T> Component<T>(string name)
        where T : IComponentDefinition => (ComponentChoice<T>)_values[name]!;

    /// <summary>The value of a parameter of a kind of its own.</summary>
    /// <typeparam name="T">What the parameter converts to.</typeparam>
    /// <param name="name">The parameter.</param>
    public T Value<T>(string name) => (T)_values[name]!;

    /// <summary>Refuses a parameter that has no effect beside the others: an option must never be silently without effect.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="without">Why it has no effect here.</param>
    /// <exception cref="UsageException">It was given.</exception>
    public void RefuseIfGiven(string name, string without)
    {
        if (IsGiven(name))
        {
            throw new UsageException($"The parameter '{name}' of the {_owner} has no effect {without}; leave it out.");
        }
    }

    private static string Written(object? value) => value switch
    {
        null => "empty",
        string s => $"'{s}'",
        IReadOnlyDictionary<string, object?> => "a mapping",
        System.Collections.IEnumerable => "a list",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "empty",
    };
}
