using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery purge</c>: erases who has expired, and what earlier removals could not erase.</summary>
internal sealed class GalleryPurgeCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();

    /// <summary>Creates the command.</summary>
    public GalleryPurgeCommand()
        : base(
            "purge",
            "Erase all people whose time has expired, and the traces of those whose removal was interrupted. For a daily job.",
            "gallery purge --gallery people.db") => _gallery.AddTo(this);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        using IGallery gallery = _gallery.OpenExisting(values, context);
        IReadOnlyList<string> removed = gallery.RemoveExpired(DateTimeOffset.UtcNow);
        return new CommandOutcome(
            new { Gallery = gallery.Location, Removed = removed },
            output => output.Line(removed.Count == 0 ? "Nobody has expired." : $"Removed {Figures.Count(removed.Count)} people: {string.Join(", ", removed)}."));
    }
}
