using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery set</c>: what a gallery knows of a person.</summary>
internal sealed class GallerySetCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Argument<string> _person = new("PERSON") { Description = "The person's name, as 'gallery list' shows it." };
    private readonly Option<string?> _externalId = new("--external-id") { Description = "The person's id in another system, unique within the gallery; an empty text takes it away.", HelpName = "ID" };
    private readonly Option<string[]> _metadata = MetadataOption.Create("--meta", "A key and a value to filter by; those given replace all earlier ones.");
    private readonly Option<bool> _noMetadata = new("--no-meta") { Description = "Take all keys and values away." };
    private readonly Option<string?> _expires = ExpiryOption.Create();

    /// <summary>Creates the command.</summary>
    public GallerySetCommand()
        : base(
            "set",
            "Note a person's external id, metadata or expiry.",
            "gallery set --gallery people.db \"Ada Lovelace\" --external-id HR-0042 --meta site=london --meta shift=day",
            "gallery set --gallery people.db visitor-17 --expires 30d")
    {
        _gallery.AddTo(this);
        Add(_person);
        Add(_externalId);
        Add(_metadata);
        Add(_noMetadata);
        Add(_expires);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        IReadOnlyDictionary<string, string>? metadata = MetadataOption.Read(values, _metadata);
        if (values.GetValue(_noMetadata))
        {
            metadata = metadata is null ? new Dictionary<string, string>() : throw new UsageException("--meta and --no-meta contradict each other.");
        }

        var details = new SubjectDetails
        {
            ExternalId = values.GetValue(_externalId),
            Metadata = metadata,
            Expires = ExpiryOption.Read(values, _expires),
        };
        if (details.IsEmpty)
        {
            throw new UsageException("nothing to set; give --external-id, --meta, --no-meta or --expires.");
        }

        string person = values.GetRequiredValue(_person);
        using IGallery gallery = _gallery.OpenExisting(values, context);
        gallery.Update(person, details);
        GallerySubject subject = gallery.Find(person) ?? throw new SemblanceException($"gallery {gallery.Location}: '{person}' was removed meanwhile.");
        return new CommandOutcome(subject, output => GallerySubjectPrinter.Print(output, subject));
    }
}
