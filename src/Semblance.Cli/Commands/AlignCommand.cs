using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Packs;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary><c>align</c>: photographs into aligned crops.</summary>
internal sealed class AlignCommand : ToolCommand
{
    private readonly Option<string> _in = new("--in") { Description = "The photographs: a folder of any depth, or a zip of one.", HelpName = "DIR|ZIP", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The folder for crops and sidecars.", HelpName = "DIR", Required = true };
    private readonly Option<string> _detector = DetectorSource.Detector();
    private readonly Option<string?> _landmarks = DetectorSource.Landmarks();
    private readonly Option<string> _template = DetectorSource.Template();

    private readonly Option<string> _faces = new("--faces") { Description = "main (by area and centre) or all.", HelpName = "WHICH", DefaultValueFactory = _ => "main" };
    private readonly Option<string> _format = new("--format") { Description = "jpg (quality 95) or png.", HelpName = "FORMAT", DefaultValueFactory = _ => "jpg" };
    private readonly Option<int> _workers = new("--workers") { Description = "Photos that are worked on at once; 0 for as many as there are cores.", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly QualityOptions _quality = new();

    /// <summary>Creates the command.</summary>
    public AlignCommand()
        : base(
            "align",
            "Cut aligned faces out of photographs, keeping the folders. Doing it again goes on with what is missing.",
            "align --in photos --out faces --detector faceplugin",
            "align --in photos.zip --out faces --detector fr_detect.onnx --landmarks fr_landmark.onnx --faces all")
    {
        Option[] options = [_in, _out, _detector, _landmarks, _template, _faces, _format, _workers];
        foreach (Option option in options)
        {
            Add(option);
        }

        _quality.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var options = new AlignmentOptions
        {
            AllFaces = ChoiceOption.Read(_faces, values, "main", "all") == 1,
            Format = ChoiceOption.Read(_format, values, "jpg", "png") == 1 ? CropFormat.Png : CropFormat.Jpeg,
            Thresholds = _quality.Read(values),
            Workers = values.GetValue(_workers),
        };
        options.Validate();
        AlignmentTemplate template = AlignmentTemplate.Parse(values.GetRequiredValue(_template), "--template");
        using PhotoCollection photos = PhotoCollection.Open(values.GetRequiredValue(_in));
        using var finder = new FaceFinder(
            DetectorSource.Open(new ModelLibrary().ResolveDetector(values.GetRequiredValue(_detector)), values.GetValue(_landmarks)), template);
        AlignmentReport report = new PhotoAligner(finder, options).Align(photos, values.GetRequiredValue(_out), context.Progress, context.CancellationToken);
        return new CommandOutcome(report, output => Print(output, report));
    }

    private static void Print(ConsoleOutput output, AlignmentReport report)
    {
        output.Facts(
            ("crops", $"{Figures.Count(report.Crops)} of {Figures.Count(report.Aligned)} photos in {report.Output}"),
            ("done before", report.DoneBefore > 0 ? Figures.Count(report.DoneBefore) : null),
            ("without a face", report.WithoutFace.Count > 0 ? Figures.Count(report.WithoutFace.Count) : null),
            ("refused", report.Refused.Count > 0 ? Figures.Count(report.Refused.Count) : null),
            ("unreadable", report.Unreadable.Count > 0 ? Figures.Count(report.Unreadable.Count) : null),
            ("time", Figures.Duration(TimeSpan.FromSeconds(report.Seconds)) + (report.PhotosPerSecond > 0 ? $" ({Figures.Rate(report.PhotosPerSecond)} photos/s)" : "")));
        string[] lines =
        [
            .. report.WithoutFace.Select(path => $"{path}: no face found in it"),
            .. report.Refused.Concat(report.Unreadable).Select(image => $"{image.Path}: {image.Reason}"),
        ];
        ListedLines.Print(output, lines, Path.Combine(report.Output, AlignmentReport.FileName));
    }
}
