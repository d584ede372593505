using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery list</c>: who is in a gallery.</summary>
internal sealed class GalleryListCommand : ToolCommand
{
    private const int Page = 1000;

    private readonly Option<string> _gallery = SharedOptions.Gallery();

    /// <summary>Creates the command.</summary>
    public GalleryListCommand()
        : base("list", "List the people of a gallery and the model it belongs to.", "gallery list --gallery people.db") => Add(_gallery);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        using SqliteGallery gallery = SqliteGallery.OpenExisting(values.GetRequiredValue(_gallery), options: new GalleryOptions { ReadOnly = true });
        GalleryInfo info = gallery.Describe();
        var subjects = new List<GallerySubject>();
        IReadOnlyList<GallerySubject> page;
        do
        {
            page = gallery.List(subjects.Count > 0 ? subjects[^1].Name : null, Page);
            subjects.AddRange(page);
        }
        while (page.Count == Page);

        return new CommandOutcome(
            new { Gallery = info.Location, info.Model, SubjectCount = info.Subjects, info.Templates, info.Created, Subjects = subjects },
            output =>
            {
                output.Table(
                    ["person", "templates", "since"],
                    [.. subjects.Select(subject => new[] { subject.Name, Figures.Count(subject.Templates), subject.Created.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) })]);
                output.Line($"{Figures.Count(info.Subjects)} people, {Figures.Count(info.Templates)} templates, model {info.Model}");
            });
    }
}
