using System.Globalization;
using Semblance.Training.Configuration;
using Semblance.Training.Objectives;

namespace Semblance.Laboratory.Experiments;

/// <summary>A loss with the parameters that were chosen for it.</summary>
/// <param name="Name">Its registered name.</param>
/// <param name="Parameters">Values by key; what is missing takes its default.</param>
public sealed record LossChoice(string Name, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>What tells it from other choices: its name, and the parameters that were given.</summary>
    public string Label => Parameters.Count == 0 ? Name : $"{Name} {string.Join(" ", Parameters.Select(pair => $"{pair.Key}={Written(pair.Value)}"))}";

    /// <summary>Reads what a command line gives: names separated by commas, each with parameters behind colons (<c>arcface,cosface:margin=0.2:scale=30</c>); or a YAML list, as text that begins with [ or as a .yaml file.</summary>
    /// <param name="text">The list.</param>
    /// <returns>The choices in order, every name and value checked.</returns>
    /// <exception cref="UsageException">There is none, a name or parameter is unknown, a value is not allowed, or a choice is given twice.</exception>
    public static IReadOnlyList<LossChoice> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        LossChoice[] choices = text.TrimStart().StartsWith('[') ? FromYaml(text, "--losses")
            : Path.GetExtension(text) is ".yaml" or ".yml" ? FromYaml(ReadFile(text), text)
            : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];
        if (choices.Length == 0)
        {
            throw new UsageException("the list of losses is empty; expected for example softmax,arcface,cosface:margin=0.2.");
        }

        foreach (LossChoice choice in choices)
        {
            choice.Create(new ObjectiveContext(2, 2, 0)).Dispose();
        }

        return choices.GroupBy(choice => choice.Label).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"the loss '{twice.Key}' is given twice; give each one once, or with other parameters.")
            : choices;
    }

    /// <summary>Makes the objective.</summary>
    /// <param name="context">What it must know of the training.</param>
    /// <exception cref="UsageException">The name or a key is unknown, or a value is not allowed.</exception>
    public Objective Create(ObjectiveContext context) => ObjectiveRegistry.Create(Name, Parameters, context);

    private static LossChoice[] FromYaml(string yaml, string source) =>
        [.. TrainingConfigFile.ReadComponents(yaml, source).Select(component => new LossChoice(component.Name, component.Parameters))];

    private static LossChoice Parse(string text)
    {
        string[] parts = text.Split(':', StringSplitOptions.TrimEntries);
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (string part in parts.Skip(1))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2 || pair[0].Length == 0 || !parameters.TryAdd(pair[0], pair[1]))
            {
                throw new UsageException($"the loss '{text}': '{part}' is no parameter of its own; expected key=value, each key once, for example cosface:margin=0.2:scale=30.");
            }
        }

        return new LossChoice(parts[0], parameters);
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the list of losses cannot be read: {e.Message}", e);
        }
    }

    private static string Written(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> map => "{" + string.Join(", ", map.Select(pair => $"{pair.Key}: {Written(pair.Value)}")) + "}",
        bool flag => flag ? "true" : "false",
        string word => word,
        System.Collections.IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Written)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };
}
