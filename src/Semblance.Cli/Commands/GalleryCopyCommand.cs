using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery copy</c>: moves a gallery between stores.</summary>
internal sealed class GalleryCopyCommand : ToolCommand
{
    private readonly GallerySource _gallery = new("The gallery to copy");
    private readonly GallerySource _target = new("The gallery to fill; made where it is missing", "--to", "--to-keys");

    /// <summary>Creates the command.</summary>
    public GalleryCopyCommand()
        : base(
            "copy",
            "Copy a gallery into another store with all that it knows; nothing lies in the clear between. A copy that was broken off is repeated.",
            "gallery copy --gallery people.db --to copy.db",
            "gallery copy --gallery people.db --to encrypted.db --to-keys keys.txt")
    {
        _gallery.AddTo(this);
        _target.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        using IGallery source = _gallery.OpenToRead(values);
        using IGallery target = _target.Open(values, source.Model, context);
        if (source.Location == target.Location)
        {
            throw new UsageException($"{source.Location} cannot be copied onto itself.");
        }

        EnrolmentOutcome outcome = GalleryCopier.Copy(source, target, context.Progress, context.CancellationToken);
        return new CommandOutcome(
            new { Gallery = source.Location, To = target.Location, outcome.Added, outcome.NewSubjects, AlreadyEnrolled = outcome.AlreadyEnrolled.Count },
            output => output.Line($"{Figures.Count(outcome.Added)} templates copied to {target.Location}, {Figures.Count(outcome.NewSubjects)} new people, {Figures.Count(outcome.AlreadyEnrolled.Count)} there already."));
    }
}
