using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery key</c>: makes a key.</summary>
internal sealed class GalleryKeyCommand : ToolCommand
{
    private readonly Option<string> _out = new("--out") { Description = "The key file to write, readable by its owner only. Where it is there already, the new key goes in front of the others.", HelpName = "FILE", Required = true };

    /// <summary>Creates the command.</summary>
    public GalleryKeyCommand()
        : base("key", "Make a random key for 'gallery rekey', or put one in front of those of a key file. Whoever loses the file loses the gallery.", "gallery key --out keys.txt") => Add(_out);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string file = values.GetRequiredValue(_out);
        TemplateKeyRing ring = TemplateKeyRing.AddTo(file);
        return new CommandOutcome(
            new { Out = file, Key = ring.FirstId, Keys = ring.Ids },
            output => output.Line($"Key {ring.FirstId} in {file}{(ring.Ids.Count > 1 ? $", in front of {ring.Ids.Count - 1} older" : "")}. Keep a copy elsewhere than beside the gallery."));
    }
}
