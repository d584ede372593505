using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.IO;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery export</c>: a gallery with its embeddings as a file for other programs.</summary>
internal sealed class GalleryExportCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Option<string> _out = new("--out") { Description = "The file to write: JSON lines, or comma-separated values where it ends in .csv.", HelpName = "FILE.jsonl|FILE.csv", Required = true };

    /// <summary>Creates the command.</summary>
    public GalleryExportCommand()
        : base(
            "export",
            "Write a gallery with its embeddings, in the clear; 'gallery import' reads JSON lines back, CSV is for other programs.",
            "gallery export --gallery people.db --out people.jsonl",
            "gallery export --gallery people.db --out people.csv")
    {
        _gallery.AddTo(this);
        Add(_out);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string target = values.GetRequiredValue(_out);
        GalleryExportFormat format = Path.GetExtension(target).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? GalleryExportFormat.Csv : GalleryExportFormat.JsonLines;
        using IGallery gallery = _gallery.OpenToRead(values);
        long written = 0;
        AtomicFile.Write(target, stream => written = GalleryExporter.Write(gallery, stream, format, context.Progress, context.CancellationToken), ownerOnly: true);
        return new CommandOutcome(
            new { Gallery = gallery.Location, Out = target, Format = format, Templates = written },
            output => output.Line($"{Figures.Count(written)} templates in {target}."));
    }
}
