namespace Semblance.Training.Configuration;

/// <summary>A part of a stage that is asked for by name, with parameters of its own. In YAML: its name alone, or a mapping of <c>name</c> and parameters.</summary>
/// <param name="Name">The registered name.</param>
public sealed record ComponentConfig(string Name)
{
    internal const string NameKey = "name";

    /// <summary>Its parameters: words, numbers, booleans, lists or mappings by key.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();
}
