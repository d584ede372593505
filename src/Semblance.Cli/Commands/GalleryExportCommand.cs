using System.CommandLine;
using System.Text.Json;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Galleries.Sqlite;
using Semblance.IO;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery export</c>: a gallery as JSON lines, for other programs.</summary>
internal sealed class GalleryExportCommand : ToolCommand
{
    private static readonly JsonSerializerOptions Lines = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Option<string> _gallery = SharedOptions.Gallery();
    private readonly Option<string> _out = new("--out") { Description = "The file to write: the model on the first line, then a template a line.", HelpName = "FILE.jsonl", Required = true };

    /// <summary>Creates the command.</summary>
    public GalleryExportCommand()
        : base("export", "Write a gallery with its embeddings as JSON lines.", "gallery export --gallery people.db --out people.jsonl")
    {
        Add(_gallery);
        Add(_out);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string target = values.GetRequiredValue(_out);
        using SqliteGallery gallery = SqliteGallery.OpenExisting(values.GetRequiredValue(_gallery), options: new SqliteGalleryOptions { ReadOnly = true });
        long total = gallery.Describe().Templates;
        long written = 0;
        AtomicFile.Write(target, stream =>
        {
            WriteLine(stream, new { gallery.Model });
            foreach (GalleryTemplate template in gallery.ReadTemplates(context.CancellationToken))
            {
                string digest = Convert.ToHexStringLower(template.Digest);
                WriteLine(stream, new { template.Id, template.Subject, template.Source, Sha256 = digest, template.Created, template.Embedding });
                context.Progress.Report(new WorkProgress("exporting", ++written, total, "templates"));
            }
        });
        return new CommandOutcome(
            new { Gallery = gallery.Location, Out = target, Templates = written },
            output => output.Line($"{Figures.Count(written)} templates in {target}."));
    }

    private static void WriteLine(Stream stream, object line)
    {
        JsonSerializer.Serialize(stream, line, line.GetType(), Lines);
        stream.WriteByte((byte)'\n');
    }
}
