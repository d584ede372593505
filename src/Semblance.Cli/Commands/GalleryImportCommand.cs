using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Models;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery import</c>: reads an export back.</summary>
internal sealed class GalleryImportCommand : ToolCommand
{
    private readonly GallerySource _gallery = new("The gallery to fill; made where it is missing");
    private readonly Option<string> _model = SharedOptions.OnnxModel();
    private readonly Argument<string> _file = new("FILE.jsonl") { Description = "What 'gallery export' wrote." };

    /// <summary>Creates the command.</summary>
    public GalleryImportCommand()
        : base(
            "import",
            "Read an exported gallery into a gallery of the same model; what is there already is left alone.",
            "gallery import --gallery copy.db --model model.onnx people.jsonl")
    {
        _gallery.AddTo(this);
        Add(_model);
        Add(_file);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string file = values.GetRequiredValue(_file);
        using FileStream stream = Open(file);
        using IGallery gallery = _gallery.Open(values, ModelSource.ReadCard(values.GetRequiredValue(_model)), context);
        EnrolmentOutcome outcome = GalleryImporter.Read(stream, file, gallery, context.Progress, context.CancellationToken);
        return new CommandOutcome(
            new { Gallery = gallery.Location, outcome.Added, outcome.NewSubjects, AlreadyEnrolled = outcome.AlreadyEnrolled.Count },
            output => output.Line($"{Figures.Count(outcome.Added)} templates added, {Figures.Count(outcome.NewSubjects)} new people, {Figures.Count(outcome.AlreadyEnrolled.Count)} there already."));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: the export cannot be read: {e.Message}", e);
        }
    }
}
