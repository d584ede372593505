using System.CommandLine;

namespace Semblance.Cli.Commands;

/// <summary>Options that take one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>The place of the word given among those known.</summary>
    /// <param name="option">The option.</param>
    /// <param name="values">The parsed options.</param>
    /// <param name="known">The words.</param>
    /// <exception cref="UsageException">The word is none of them.</exception>
    public static int Read(Option<string> option, ParseResult values, params string[] known)
    {
        string given = values.GetRequiredValue(option);
        int index = Array.IndexOf(known, given);
        return index >= 0 ? index : throw new UsageException($"{option.Name} is '{given}'; expected {string.Join(" or ", known)}.");
    }
}
