using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery show</c>: a gallery at a glance, or one of its people.</summary>
internal sealed class GalleryShowCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Argument<string?> _person = new("PERSON") { Description = "The person's name; without it, the gallery itself is shown.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _externalId = new("--external-id") { Description = "The person's id in another system, in place of the name.", HelpName = "ID" };

    /// <summary>Creates the command.</summary>
    public GalleryShowCommand()
        : base(
            "show",
            "Show a gallery's model, threshold, encryption and size, or what it knows of a person.",
            "gallery show --gallery people.db",
            "gallery show --gallery people.db \"Ada Lovelace\"",
            "gallery show --gallery people.db --external-id HR-0042")
    {
        _gallery.AddTo(this);
        Add(_person);
        Add(_externalId);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string? person = values.GetValue(_person);
        string? externalId = values.GetValue(_externalId);
        if (person is not null && externalId is not null)
        {
            throw new UsageException("give the person's name or --external-id, not both.");
        }

        using IGallery gallery = _gallery.OpenToRead(values);
        return person is null && externalId is null ? ShowGallery(gallery) : ShowPerson(gallery, person, externalId);
    }

    private static CommandOutcome ShowPerson(IGallery gallery, string? person, string? externalId)
    {
        GallerySubject subject = (person is not null ? gallery.Find(person) : gallery.FindExternal(externalId!))
            ?? throw new SemblanceException(person is not null
                ? $"gallery {gallery.Location} has no subject '{person}'; 'gallery list' shows all."
                : $"gallery {gallery.Location} has no subject with external id '{externalId}'; 'gallery list' shows all.");
        return new CommandOutcome(subject, output => GallerySubjectPrinter.Print(output, subject));
    }

    private static CommandOutcome ShowGallery(IGallery gallery)
    {
        GalleryInfo info = gallery.Describe();
        bool encrypted = gallery.IsEncrypted;
        return new CommandOutcome(
            new { Gallery = info.Location, info.Model, gallery.Settings.Metric, gallery.Settings.Threshold, Encrypted = encrypted, SubjectCount = info.Subjects, info.Templates, info.Created },
            output => output.Facts(
                ("gallery", info.Location),
                ("model", info.Model.ToString()),
                ("metric", gallery.Settings.Metric),
                ("threshold", gallery.Settings.Threshold is { } threshold ? Figures.Number(threshold) : "the model's"),
                ("encrypted", encrypted ? "yes" : "no"),
                ("people", Figures.Count(info.Subjects)),
                ("templates", Figures.Count(info.Templates)),
                ("since", GallerySubjectPrinter.Moment(info.Created))));
    }
}
