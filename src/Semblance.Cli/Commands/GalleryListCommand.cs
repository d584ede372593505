using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery list</c>: who is in a gallery.</summary>
internal sealed class GalleryListCommand : ToolCommand
{
    private const int Page = 1000;

    private readonly GallerySource _gallery = new();

    /// <summary>Creates the command.</summary>
    public GalleryListCommand()
        : base("list", "List the people of a gallery and the model it belongs to.", "gallery list --gallery people.db") => _gallery.AddTo(this);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        using IGallery gallery = _gallery.OpenToRead(values);
        GalleryInfo info = gallery.Describe();
        var subjects = new List<GallerySubject>();
        IReadOnlyList<GallerySubject> page;
        do
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            page = gallery.List(subjects.Count > 0 ? subjects[^1].Name : null, Page);
            subjects.AddRange(page);
        }
        while (page.Count == Page);

        return new CommandOutcome(
            new { Gallery = info.Location, info.Model, SubjectCount = info.Subjects, info.Templates, info.Created, Subjects = subjects },
            output =>
            {
                output.Table(
                    ["person", "external id", "templates", "since", "last seen", "expires"],
                    [.. subjects.Select(Row)]);
                output.Line($"{Figures.Count(info.Subjects)} people, {Figures.Count(info.Templates)} templates, model {info.Model}");
            });
    }

    private static string[] Row(GallerySubject subject) =>
    [
        subject.Name,
        subject.ExternalId ?? "",
        Figures.Count(subject.Templates),
        GallerySubjectPrinter.Moment(subject.Created),
        GallerySubjectPrinter.Moment(subject.LastSeen),
        GallerySubjectPrinter.Moment(subject.Expires),
    ];
}
