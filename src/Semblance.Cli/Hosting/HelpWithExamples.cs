using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Semblance.Cli.Hosting;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new() { MaxWidth = 120 };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string[] examples = [.. command is ToolCommand tool ? tool.Examples : FirstExamples(command)];
        output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  semblance {example}");
        }

        return ExitCode.Success;
    }

    private static IEnumerable<string> FirstExamples(Command command) => command.Subcommands
        .SelectMany(child => child is ToolCommand tool ? tool.Examples.Take(1) : FirstExamples(child));
}
