using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary><c>models remove</c>: takes a pack out of the cache folder.</summary>
internal sealed class ModelsRemoveCommand : ToolCommand
{
    private readonly Argument<string> _pack = new("PACK") { Description = "An installed pack, as 'models list' shows it." };

    /// <summary>Creates the command.</summary>
    public ModelsRemoveCommand()
        : base("remove", "Remove a model pack with all its files.", "models remove faceplugin") => Add(_pack);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string pack = values.GetRequiredValue(_pack);
        new ModelLibrary().Remove(pack);
        return new CommandOutcome(new { Removed = pack }, output => output.Line($"Removed {pack}."));
    }
}
