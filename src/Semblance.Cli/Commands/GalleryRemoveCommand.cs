using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery remove</c>: takes a person out of a gallery for good.</summary>
internal sealed class GalleryRemoveCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Argument<string> _person = new("PERSON") { Description = "The person's name, as 'gallery list' shows it." };

    /// <summary>Creates the command.</summary>
    public GalleryRemoveCommand()
        : base(
            "remove",
            "Remove a person with all templates; their bytes are erased from the file.",
            "gallery remove --gallery people.db \"Ada Lovelace\"")
    {
        _gallery.AddTo(this);
        Add(_person);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string person = values.GetRequiredValue(_person);
        using IGallery gallery = _gallery.OpenExisting(values, context);
        int removed = gallery.Remove(person);
        return new CommandOutcome(
            new { Gallery = gallery.Location, Removed = person, Templates = removed },
            output => output.Line($"Removed {person} with {Figures.Count(removed)} templates."));
    }
}
