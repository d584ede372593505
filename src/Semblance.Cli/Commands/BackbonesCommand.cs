using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Training.Backbones;

namespace Semblance.Cli.Commands;

/// <summary><c>backbones</c>: the names that --backbone takes.</summary>
internal sealed class BackbonesCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    public BackbonesCommand()
        : base("backbones", "List the networks that 'train --backbone' knows.", "backbones")
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string[] names = [.. BackboneRegistry.Names];
        return new CommandOutcome(
            new { Backbones = names },
            output =>
            {
                foreach (string name in names)
                {
                    output.Line(name);
                }
            });
    }
}
