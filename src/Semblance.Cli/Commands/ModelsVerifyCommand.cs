using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary><c>models verify</c>: checks installed packs against their hashes.</summary>
internal sealed class ModelsVerifyCommand : ToolCommand
{
    private readonly Argument<string?> _pack = new("PACK") { Description = "An installed pack; all without it.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the command.</summary>
    public ModelsVerifyCommand()
        : base("verify", "Check every file of installed model packs against its SHA-256; exit code 1 where one is damaged or missing.", "models verify", "models verify faceplugin") =>
        Add(_pack);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var library = new ModelLibrary();
        IReadOnlyList<PackProblem> problems = library.Verify(values.GetValue(_pack), context.Progress, context.CancellationToken);
        return new CommandOutcome(
            new { library.Folder, Unharmed = problems.Count == 0, Problems = problems },
            output =>
            {
                foreach (PackProblem problem in problems)
                {
                    output.Line($"{problem.Pack}: {problem.File} {problem.Problem}");
                }

                output.Line(problems.Count == 0 ? "All files are as they were installed." : $"Remove a damaged pack with 'semblance models remove NAME' and pull it again.");
            })
        {
            ExitCode = problems.Count == 0 ? ExitCode.Success : ExitCode.Failure,
        };
    }
}
