using Semblance.Cli.Reporting;

namespace Semblance.Cli.Hosting;

/// <summary>What a command has to say, in both languages.</summary>
/// <param name="Document">Serialised as the one JSON document of <c>--json</c>; names become snake_case.</param>
/// <param name="Print">Writes the same for people.</param>
internal sealed record CommandOutcome(object Document, Action<ConsoleOutput> Print)
{
    /// <summary>The exit code: 0 unless the outcome is an answer that scripts want to branch on.</summary>
    public int ExitCode { get; init; }
}
