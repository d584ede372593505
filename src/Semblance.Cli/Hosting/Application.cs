using System.CommandLine;
using Semblance.Cli.Reporting;

namespace Semblance.Cli.Hosting;

/// <summary>The tool around its commands: parses, runs, prints, and turns whatever goes wrong into one line and an exit code.</summary>
internal static class Application
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the tool's name.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        RootCommand root = CommandTree.Create();
        if (args.Length == 0)
        {
            root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }

        bool json = args.Contains(CommandTree.Json.Name, StringComparer.Ordinal);
        bool verbose = args.Contains(CommandTree.Verbose.Name, StringComparer.Ordinal);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Report(new Failure(ParseProblem.Describe(parsed), ExitCode.Usage), json);
        }

        if (parsed.CommandResult.Command is not ToolCommand command || parsed.Action is not null)
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }

        try
        {
            CommandOutcome outcome = RunCommand(command, parsed);
            Print(outcome, json);
            return outcome.ExitCode;
        }
        catch (Exception e)
        {
            if (verbose)
            {
                Console.Error.WriteLine(e);
            }

            return Report(Failure.From(e), json);
        }
    }

    private static CommandOutcome RunCommand(ToolCommand command, ParseResult parsed)
    {
        using var interruption = new Interruption(Console.Error);
        using ProgressDisplay display = ProgressDisplay.Create(Console.Error);
        return display.Show(() => command.Run(parsed, new CommandContext(display, display.Log, interruption.Token)));
    }

    private static void Print(CommandOutcome outcome, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonOutput.Serialise(outcome.Document));
        }
        else
        {
            outcome.Print(new ConsoleOutput(Console.Out));
        }
    }

    private static int Report(Failure failure, bool json)
    {
        Console.Error.WriteLine($"semblance: {failure.Message}");
        if (json)
        {
            Console.Out.WriteLine(JsonOutput.Serialise(new { Error = failure.Message, failure.ExitCode }));
        }

        return failure.ExitCode;
    }
}
