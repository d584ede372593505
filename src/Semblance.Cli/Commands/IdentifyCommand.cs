using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Services;

namespace Semblance.Cli.Commands;

/// <summary><c>identify</c>: who of a gallery is on an image.</summary>
internal sealed class IdentifyCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Option<string> _model = SharedOptions.OnnxModel();
    private readonly Argument<string[]> _images = new("IMAGE") { Description = "Aligned face crops, or photographs with --detector.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _top = new("--top") { Description = "Candidates to show for each image.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<string[]> _where = MetadataOption.Create("--where", "Only people whose metadata has this value; several must all hold.");
    private readonly Option<bool> _markSeen = new("--mark-seen") { Description = "Note in the gallery when the people found were last seen." };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly PhotoOptions _photos = new();

    /// <summary>Creates the command.</summary>
    public IdentifyCommand()
        : base(
            "identify",
            "Find the nearest people of a gallery for each image, or for each face of a photograph. Exit code 1 where an image cannot be read.",
            "identify --gallery people.db --model model.onnx photo.jpg",
            "identify --gallery people.db --model model.onnx --top 1 --json probes/*.jpg",
            "identify --gallery people.db --model faceplugin party.jpg",
            "identify --gallery people.db --model faceplugin --where site=london --mark-seen door.jpg")
    {
        _gallery.AddTo(this);
        Add(_model);
        Add(_images);
        Add(_top);
        Add(_where);
        Add(_markSeen);
        Add(_threads);
        _photos.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        int top = Counted.AtLeastOne(_top.Name, values.GetValue(_top));
        bool markSeen = values.GetValue(_markSeen);
        var options = new IdentificationOptions
        {
            Top = top,
            Filter = MetadataOption.Read(values, _where) is { } where ? new GalleryFilter { Metadata = where } : null,
            MarkSeen = markSeen,
        };
        using OnnxFaceEmbedder model = ModelSource.OpenOnnx(values.GetRequiredValue(_model), values.GetValue(_threads));
        using IGallery gallery = markSeen ? _gallery.OpenExisting(values, context, model.Card) : _gallery.OpenToRead(values, model.Card);
        var identifier = new Identifier(model, gallery);
        using FaceCropper? cropper = _photos.Open(values, model.Card.Preprocessing, values.GetRequiredValue(_model), QualityThresholds.None);
        IReadOnlyList<Identification> answers = identifier.Identify(values.GetRequiredValue(_images), options, cropper, context.Progress, context.CancellationToken);
        Identification[] failed = [.. answers.Where(answer => answer.Error is not null)];
        if (failed.Length == answers.Count)
        {
            throw new SemblanceException(
                $"{failed[0].Image}: {failed[0].Error}{(failed.Length > 1 ? $" (and {failed.Length - 1} more images that cannot be used)" : "")}");
        }

        return new CommandOutcome(new { Gallery = gallery.Location, SubjectCount = gallery.Describe().Subjects, Results = answers }, output => Print(output, answers))
        {
            ExitCode = failed.Length > 0 ? ExitCode.Failure : ExitCode.Success,
        };
    }

    private static void Print(ConsoleOutput output, IReadOnlyList<Identification> answers)
    {
        foreach (Identification answer in answers)
        {
            output.Line(Headline(answer));
            for (int i = 0; i < answer.Candidates.Count; i++)
            {
                output.Line($"  {i + 1}. {Figures.Number(answer.Candidates[i].Cosine)}  {answer.Candidates[i].Subject}  ({answer.Candidates[i].Source})");
            }
        }

        if (answers.FirstOrDefault(answer => answer.Threshold is not null)?.Threshold is { } threshold)
        {
            output.Line($"threshold {Figures.Number(threshold.Value)} ({(threshold.Name == MatchThreshold.OfGallery ? "the gallery's own" : $"{threshold.Name} of the model")})");
        }
        else
        {
            output.Line("Neither gallery nor model has a threshold, so nobody is accepted or refused; 'export --pairs' measures one, 'gallery threshold' sets one.");
        }
    }

    private static string Headline(Identification answer)
    {
        string what = answer.Face is { } face ? $"{answer.Image}, face {face.Number} at {face.Box[0]:F0},{face.Box[1]:F0}" : answer.Image;
        return answer switch
        {
            { Error: { } error } => $"{what}: {error}",
            { Candidates: [] } => $"{what}: the gallery is empty",
            { Match: true } => $"{what}: {answer.Candidates[0].Subject}",
            { Match: false } => $"{what}: nobody in the gallery",
            _ => $"{what}: nearest is {answer.Candidates[0].Subject}",
        };
    }
}
