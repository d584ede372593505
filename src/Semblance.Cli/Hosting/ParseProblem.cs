using System.CommandLine;
using System.CommandLine.Parsing;

namespace Semblance.Cli.Hosting;

/// <summary>Says in one line what is wrong with a command line, with the nearest name that exists.</summary>
internal static class ParseProblem
{
    /// <summary>The line.</summary>
    /// <param name="parsed">A result with at least one error.</param>
    public static string Describe(ParseResult parsed)
    {
        CommandResult place = parsed.CommandResult;
        string command = PathOf(place.Command);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return Unknown(parsed.UnmatchedTokens[0], place.Command, command);
        }

        if (place.Command.Subcommands.Count > 0)
        {
            return $"{Place(command)}a command is missing; one of: {string.Join(", ", Visible(place.Command))}.";
        }

        ParseError error = parsed.Errors[0];
        return Place(command) + (Conversion(error) ?? Missing(error) ?? error.Message);
    }

    private static string Unknown(string token, Command command, string path)
    {
        if (token.StartsWith('-'))
        {
            string name = token.Split('=', ':')[0];
            string[] options = [.. OptionsOf(command).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(known => known.StartsWith("--", StringComparison.Ordinal))];
            return $"{Place(path)}unknown option '{name}'; {NameSuggestion.Sentence(name, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"{Place(path)}unknown command '{token}'; {NameSuggestion.Sentence(token, [.. Visible(command)])}"
            : $"{Place(path)}'{token}' is one argument too many; names with blanks need quotes.";
    }

    private static string? Conversion(ParseError error)
    {
        (string? name, Type? type) = error.SymbolResult switch
        {
            OptionResult option => (option.Option.Name, option.Option.ValueType),
            ArgumentResult { Parent: OptionResult option } => (option.Option.Name, option.Option.ValueType),
            ArgumentResult argument => (argument.Argument.Name, argument.Argument.ValueType),
            _ => (null, null),
        };
        if (name is null || type is null || !error.Message.StartsWith("Cannot parse argument", StringComparison.Ordinal))
        {
            return null;
        }

        string given = error.SymbolResult!.Tokens.Count > 0 ? error.SymbolResult.Tokens[^1].Value : "";
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        string expected = plain == typeof(double) ? "a number"
            : plain == typeof(ulong) ? "a whole number from 0"
            : plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(bool) ? "true or false"
            : $"a {plain.Name}";
        return $"{name} is '{given}'; expected {expected}.";
    }

    private static string? Missing(ParseError error)
    {
        Option? option = error.SymbolResult switch
        {
            OptionResult result => result.Option,
            CommandResult result => OptionsOf(result.Command).FirstOrDefault(known => error.Message.Contains($"'{known.Name}'", StringComparison.Ordinal)),
            _ => null,
        };
        if (option is null && error.Message.StartsWith("Required argument", StringComparison.Ordinal))
        {
            Argument? argument = (error.SymbolResult as CommandResult)?.Command.Arguments.FirstOrDefault(known => error.Message.Contains($"'{known.Name}'", StringComparison.Ordinal))
                ?? (error.SymbolResult as ArgumentResult)?.Argument;
            return argument is null ? null : $"{argument.Name} is missing; --help shows an example.";
        }

        return option is null ? null
            : error.Message.EndsWith("is required.", StringComparison.Ordinal) ? $"{option.Name} {option.HelpName} is required; --help shows an example."
            : error.Message.StartsWith("Required argument missing", StringComparison.Ordinal) ? $"{option.Name} needs a value ({option.HelpName})."
            : null;
    }

    private static IEnumerable<Option> OptionsOf(Command command) => command.Options
        .Concat(command.Parents.OfType<Command>().SelectMany(parent => OptionsOf(parent).Where(option => option.Recursive)));

    private static IEnumerable<string> Visible(Command command) =>
        command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name);

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}".TrimStart()
            : "";

    private static string Place(string path) => path.Length > 0 ? $"{path}: " : "";
}
