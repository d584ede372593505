using System.CommandLine;

namespace Semblance.Cli.Hosting;

/// <summary>A leaf of the command tree: reads its options, calls services and says what came out. Logic lives in the services.</summary>
internal abstract class ToolCommand : Command
{
    /// <summary>Creates the command.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">One or two sentences for the help.</param>
    /// <param name="examples">Command lines for the help, without the tool's name.</param>
    protected ToolCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines that the help shows, without the tool's name.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work.</summary>
    /// <param name="values">The parsed options; they are free of parse errors.</param>
    /// <param name="context">Progress, log and cancellation.</param>
    /// <returns>What to print, as a document for machines and as text for people.</returns>
    public abstract CommandOutcome Run(ParseResult values, CommandContext context);
}
