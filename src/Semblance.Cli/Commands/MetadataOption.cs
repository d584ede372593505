using System.CommandLine;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary>An option that takes <c>key=value</c>, any number of times.</summary>
internal static class MetadataOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    public static Option<string[]> Create(string name, string description) =>
        new(name) { Description = description, HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false, Arity = ArgumentArity.ZeroOrMore };

    /// <summary>Reads the pairs; null where there are none.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="UsageException">A text is no pair, a key is given twice, or a pair breaks the rule.</exception>
    public static IReadOnlyDictionary<string, string>? Read(ParseResult values, Option<string[]> option)
    {
        if (values.GetValue(option) is not { Length: > 0 } texts)
        {
            return null;
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException($"{option.Name} '{text}': expected KEY=VALUE.");
            }

            if (!pairs.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                throw new UsageException($"{option.Name}: '{text[..equals]}' is given twice.");
            }
        }

        SubjectMetadata.Require(pairs);
        return pairs;
    }
}
