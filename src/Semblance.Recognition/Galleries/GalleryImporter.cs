using System.Text;
using System.Text.Json;

namespace Semblance.Recognition.Galleries;

/// <summary>
/// Reads an export (JSON lines) into a gallery of the same model, its settings included where the gallery has none. Templates that are there
/// already are left alone, so a broken import is simply repeated; what the export knows of a person replaces what the gallery knew.
/// </summary>
public static class GalleryImporter
{
    /// <summary>Reads an export, committing every 512 templates.</summary>
    /// <param name="stream">The export; stays open.</param>
    /// <param name="name">The export's name, for messages.</param>
    /// <param name="gallery">The gallery to fill.</param>
    /// <param name="progress">Told of templates read.</param>
    /// <param name="cancellationToken">Ends the work; batches committed before stay.</param>
    /// <returns>What changed; positions count template lines from 0.</returns>
    /// <exception cref="SemblanceException">A line is no line of an export (its number is given), the models differ, or the gallery cannot be written.</exception>
    public static EnrolmentOutcome Read(
        Stream stream, string name, IGallery gallery, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(gallery);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        GalleryFilling.TakeOver(gallery, ReadHeader(reader.ReadLine(), name, gallery));
        return GalleryFilling.Fill(gallery, Templates(reader, name, gallery), "importing", 0, progress, cancellationToken);
    }

    private static IEnumerable<NewTemplate> Templates(StreamReader reader, string name, IGallery gallery)
    {
        for (int line = 2; reader.ReadLine() is { } text; line++)
        {
            yield return ReadTemplate(text, name, line, gallery);
        }
    }

    private static GallerySettings? ReadHeader(string? text, string name, IGallery gallery)
    {
        ExportedGallery? header = Parse<ExportedGallery>(text ?? "", name, 1);
        if (header is not { Format: ExportedGallery.FormatName, Model: not null })
        {
            throw new SemblanceException($"{name}, line 1: is no gallery exported by Semblance as JSON lines.");
        }

        if (header.Version > ExportedGallery.CurrentVersion)
        {
            throw new SemblanceException($"{name}: has version {header.Version}, this program reads up to {ExportedGallery.CurrentVersion}; update Semblance.");
        }

        try
        {
            header.Settings?.Validate();
        }
        catch (UsageException e)
        {
            throw new SemblanceException($"{name}, line 1: {e.Message}", e);
        }

        gallery.Model.Require(header.Model, gallery.Location);
        return header.Settings;
    }

    private static NewTemplate ReadTemplate(string text, string name, int line, IGallery gallery)
    {
        ExportedTemplate? template = Parse<ExportedTemplate>(text, name, line);
        if (template is not { Subject: not null, Source: not null, Digest: not null, Embedding: not null })
        {
            throw new SemblanceException($"{name}, line {line}: lacks subject, source, digest or embedding.");
        }

        try
        {
            var enrolment = new NewTemplate(template.Subject, template.Embedding, template.Source, Convert.FromHexString(template.Digest), template.Created)
            {
                Details = template.Details,
            };
            enrolment.Validate(gallery.Model, gallery.Location);
            return enrolment;
        }
        catch (Exception e) when (e is FormatException or SemblanceException or UsageException)
        {
            throw new SemblanceException($"{name}, line {line}: {e.Message}", e);
        }
    }

    private static T? Parse<T>(string text, string name, int line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text);
        }
        catch (JsonException e)
        {
            throw new SemblanceException($"{name}, line {line}: is no line of an exported gallery ({(text.Length == 0 ? "it is empty" : "no such JSON object")}).", e);
        }
    }
}
