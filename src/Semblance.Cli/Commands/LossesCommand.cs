using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Training.Objectives;

namespace Semblance.Cli.Commands;

/// <summary><c>losses</c>: the names that --loss takes.</summary>
internal sealed class LossesCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    public LossesCommand()
        : base("losses", "List the losses and the batches each wants.", "losses")
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var losses = ObjectiveRegistry.Names
            .Select(name => new { Name = name, Batches = ObjectiveRegistry.NeedsIdentityBatches(name) ? "identities" : "shuffled" })
            .ToArray();
        return new CommandOutcome(
            new { Losses = losses },
            output => output.Table(["loss", "batches"], [.. losses.Select(loss => new[] { loss.Name, loss.Batches == "identities" ? "P×K (identities × images)" : "shuffled" })]));
    }
}
