using System.Globalization;

namespace Semblance.Training.Objectives;

/// <summary>The values of an objective's parameters, checked and converted: what was given, else the defaults.</summary>
public sealed class ObjectiveArguments
{
    private readonly string _objective;
    private readonly Dictionary<string, object?> _values;
    private readonly HashSet<string> _given;

    private ObjectiveArguments(string objective, Dictionary<string, object?> values, HashSet<string> given) =>
        (_objective, _values, _given) = (objective, values, given);

    /// <summary>Checks what was given against the parameters that the objective has.</summary>
    /// <param name="objective">The objective's name, for messages.</param>
    /// <param name="parameters">What it knows.</param>
    /// <param name="given">What was written: strings, numbers or booleans by key.</param>
    /// <exception cref="UsageException">A key is unknown or a value is not allowed.</exception>
    public static ObjectiveArguments Bind(
        string objective, IReadOnlyList<ObjectiveParameter> parameters, IReadOnlyDictionary<string, object?> given)
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
                    ? $"The objective '{objective}' takes no parameters; '{key}' was given."
                    : $"The objective '{objective}' has no parameter '{key}'; {NameSuggestion.Sentence(key, [.. values.Keys])}");
            values[key] = parameter.Convert(value) ?? throw new UsageException(
                $"The parameter '{key}' of the objective '{objective}' is {Written(value)}; expected {parameter.Allowed}.");
        }

        return new ObjectiveArguments(objective, values, new HashSet<string>(given.Keys, StringComparer.Ordinal));
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

    /// <summary>The value of a whole-number parameter.</summary>
    /// <param name="name">The parameter.</param>
    public int Integer(string name) => (int)_values[name]!;

    /// <summary>The value of a switch.</summary>
    /// <param name="name">The parameter.</param>
    public bool Flag(string name) => (bool)_values[name]!;

    /// <summary>What the chosen name stands for.</summary>
    /// <typeparam name="T">The type of the choice's values.</typeparam>
    /// <param name="name">The parameter.</param>
    public T Choice<T>(string name)
        where T : notnull => (T)_values[name]!;

    /// <summary>Refuses a parameter that has no effect beside the others: an option must never be silently without effect.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="without">Why it has no effect here.</param>
    /// <exception cref="UsageException">It was given.</exception>
    public void RefuseIfGiven(string name, string without)
    {
        if (IsGiven(name))
        {
            throw new UsageException($"The parameter '{name}' of the objective '{_objective}' has no effect {without}; leave it out.");
        }
    }

    private static string Written(object? value) => value switch
    {
        null => "empty",
        string s => $"'{s}'",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "empty",
    };
}
