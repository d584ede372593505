using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Imaging;
using Semblance.Recognition.Packs;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary><c>detect</c>: what a recogniser sees in photographs.</summary>
internal sealed class DetectCommand : ToolCommand
{
    private readonly Argument<string[]> _photos = new("PHOTO") { Description = "Photographs.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _detector = DetectorSource.Detector();
    private readonly Option<string?> _landmarks = DetectorSource.Landmarks();
    private readonly Option<string> _template = DetectorSource.Template();

    private readonly Option<string?> _draw = new("--draw") { Description = "Draw each photo into this folder, with boxes, landmarks and aligned crops: PHOTO's name with .svg.", HelpName = "DIR" };
    private readonly QualityOptions _quality = new();

    /// <summary>Creates the command.</summary>
    public DetectCommand()
        : base(
            "detect",
            "Show the faces found in photographs: where, how good, and which of them enrolment would refuse and why. Exit code 1 where a photo cannot be read.",
            "detect --detector faceplugin party.jpg",
            "detect --detector faceplugin --draw seen photos/*.jpg")
    {
        Add(_photos);
        Add(_detector);
        Add(_landmarks);
        Add(_template);
        Add(_draw);
        _quality.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        QualityThresholds thresholds = _quality.Read(values);
        thresholds.Validate();
        AlignmentTemplate template = AlignmentTemplate.Parse(values.GetRequiredValue(_template), "--template");
        using var finder = new FaceFinder(
            DetectorSource.Open(new ModelLibrary().ResolveDetector(values.GetRequiredValue(_detector)), values.GetValue(_landmarks)), template);
        IReadOnlyList<DetectedPhoto> photos = new PhotoInspector(finder, thresholds).Inspect(
            values.GetRequiredValue(_photos), values.GetValue(_draw), context.Progress, context.CancellationToken);
        if (photos.All(photo => photo.Error is not null))
        {
            throw new SemblanceException($"{photos[0].Photo}: {photos[0].Error}{(photos.Count > 1 ? $" (and {photos.Count - 1} more photos that cannot be read)" : "")}");
        }

        return new CommandOutcome(new { Detector = finder.DetectorName, Photos = photos }, output => Print(output, photos))
        {
            ExitCode = photos.Any(photo => photo.Error is not null) ? ExitCode.Failure : ExitCode.Success,
        };
    }

    private static void Print(ConsoleOutput output, IReadOnlyList<DetectedPhoto> photos)
    {
        foreach (DetectedPhoto photo in photos)
        {
            output.Line($"{photo.Photo}: {photo.Error ?? (photo.Faces.Count == 0 ? "no face found in it" : $"{Figures.Count(photo.Faces.Count)} {(photo.Faces.Count == 1 ? "face" : "faces")}, {photo.Width}×{photo.Height}")}");
            for (int i = 0; i < photo.Faces.Count; i++)
            {
                AlignedFace face = photo.Faces[i];
                FaceQuality quality = face.Quality;
                output.Line($"  {i + 1}. at {face.Box[0]:F0},{face.Box[1]:F0}, {face.Box[2] - face.Box[0]:F0}×{face.Box[3] - face.Box[1]:F0}: score {Figures.Number(quality.Score)}, {quality.EyeDistance:F0} px between the eyes, yaw {(int)Math.Round(quality.Yaw)}°, pitch {(int)Math.Round(quality.Pitch)}°, roll {(int)Math.Round(quality.Roll)}°{(face.Refused is { } reason ? $"; refused: {reason}" : "")}");
            }

            if (photo.Drawing is { } drawing)
            {
                output.Line($"  drawn in {drawing}");
            }
        }
    }
}
