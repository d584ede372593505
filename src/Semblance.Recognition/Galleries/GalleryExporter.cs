using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Semblance.Recognition.Galleries;

/// <summary>Writes a gallery out, template by template, as it stands at one moment.</summary>
public static class GalleryExporter
{
    private const int ReportEvery = 256;

    /// <summary>Writes all templates in order of enrolment.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="stream">Where to; stays open. Use <see cref="IO.AtomicFile"/> to write a file.</param>
    /// <param name="format">The format.</param>
    /// <param name="progress">Told of written templates.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many templates were written.</returns>
    /// <exception cref="SemblanceException">The gallery cannot be read.</exception>
    public static long Write(
        IGallery gallery, Stream stream, GalleryExportFormat format, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        writer.NewLine = format == GalleryExportFormat.Csv ? "\r\n" : "\n";
        writer.WriteLine(format == GalleryExportFormat.Csv ? CsvHeader(gallery.Model.EmbeddingSize) : JsonHeader(gallery));
        long total = gallery.Describe().Templates;
        long done = 0;
        var externalIds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (NewTemplate template in GalleryContents.Read(gallery, cancellationToken))
        {
            if (template.Details?.ExternalId is { } id)
            {
                externalIds[template.Subject] = id;
            }

            writer.WriteLine(format == GalleryExportFormat.Csv ? CsvRow(template, externalIds.GetValueOrDefault(template.Subject, "")) : JsonLine(template));
            if (++done % ReportEvery == 0)
            {
                progress?.Report(new WorkProgress("exporting", done, Math.Max(done, total), "templates"));
            }
        }

        progress?.Report(new WorkProgress("exporting", done, done, "templates"));
        return done;
    }

    private static string JsonHeader(IGallery gallery) =>
        JsonSerializer.Serialize(new ExportedGallery(ExportedGallery.FormatName, ExportedGallery.CurrentVersion, gallery.Model, gallery.Settings));

    private static string JsonLine(NewTemplate template) => JsonSerializer.Serialize(new ExportedTemplate(
        template.Subject, template.Source, Convert.ToHexStringLower(template.Digest), template.Created!.Value, template.Embedding, template.Details));

    private static string CsvHeader(int embeddingSize) =>
        "subject,external_id,source,digest,created," + string.Join(',', Enumerable.Range(0, embeddingSize).Select(i => $"e{i}"));

    private static string CsvRow(NewTemplate template, string externalId)
    {
        var row = new StringBuilder();
        row.Append(Quote(template.Subject)).Append(',').Append(Quote(externalId)).Append(',').Append(Quote(template.Source)).Append(',')
            .Append(Convert.ToHexStringLower(template.Digest)).Append(',')
            .Append(template.Created!.Value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        foreach (float value in template.Embedding)
        {
            row.Append(',').Append(value.ToString("R", CultureInfo.InvariantCulture));
        }

        return row.ToString();
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
