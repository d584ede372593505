namespace Semblance.Cli.Commands;

/// <summary>Options that take a list, separated by commas.</summary>
internal static class NameList
{
    /// <summary>The names of a list; none for an option that was not given.</summary>
    /// <param name="list">For example cosface,arcface.</param>
    public static string[] Parse(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray() ?? [];
}
