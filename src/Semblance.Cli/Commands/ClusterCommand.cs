using System.CommandLine;
using Semblance.Cli.Clustering;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Clustering;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary><c>cluster</c>: unknown photographs into people.</summary>
internal sealed class ClusterCommand : ToolCommand
{
    private static readonly ClusteringOptions Defaults = new();

    private readonly Argument<string> _source = new("DIR|ZIP") { Description = "Photographs or crops: a folder of any depth, or a zip of one." };
    private readonly Option<string> _model = SharedOptions.OnnxModel();
    private readonly Option<string> _out = new("--out") { Description = "The folder for clusters.csv, index.html and pictures; an earlier run's is replaced.", HelpName = "DIR", Required = true };
    private readonly Option<string> _algorithm = new("--algorithm") { Description = $"{string.Join(", ", FaceClusterings.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => Defaults.Algorithm };
    private readonly Option<double?> _threshold = new("--threshold") { Description = "The cosine from which on faces are one person's. Default: the model's, raised for the number of faces; 0.5 for a model without.", HelpName = "C" };
    private readonly Option<int> _neighbours = new("--neighbours") { Description = "Nearest neighbours of each face that are looked at; average-link looks at all.", HelpName = "K", DefaultValueFactory = _ => Defaults.Neighbours };
    private readonly Option<int> _minSize = new("--min-size") { Description = "The least faces of a group; those of smaller ones count as alone.", HelpName = "N", DefaultValueFactory = _ => Defaults.MinSize };
    private readonly Option<ulong> _seed = new("--seed") { Description = "The seed of chinese-whispers.", HelpName = "N", DefaultValueFactory = _ => Defaults.Seed };
    private readonly Option<string> _faces = new("--faces") { Description = "all of a photo, or main (by area and centre).", HelpName = "WHICH", DefaultValueFactory = _ => "all" };
    private readonly Option<string> _labels = new("--labels") { Description = "Whether folders name people, for scores: folder, none, or auto (where photos lie in folders beside each other).", HelpName = "SOURCE", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _copy = new("--copy-to") { Description = "Also copy the photos into person-0001, person-0002, … and alone below this folder, which must be new or empty.", HelpName = "DIR" };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly QualityOptions _quality = new();
    private readonly PhotoOptions _photos = new();

    /// <summary>Creates the command.</summary>
    public ClusterCommand()
        : base(
            "cluster",
            "Put the faces of unknown photographs into groups, one for each person, with a page to look through. Each face is an item: a photo of several people lands in several groups.",
            "cluster photos --model faceplugin --out people",
            "cluster photos.zip --model faceplugin --out people --copy-to sorted",
            "cluster crops --model model.onnx --out people --algorithm average-link --threshold 0.45 --json")
    {
        Add(_source);
        Option[] options = [_model, _out, _algorithm, _threshold, _neighbours, _minSize, _seed, _faces, _labels, _copy, _threads];
        foreach (Option option in options)
        {
            Add(option);
        }

        _photos.AddTo(this);
        _quality.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var options = new ClusteringOptions
        {
            Algorithm = values.GetRequiredValue(_algorithm),
            Threshold = values.GetValue(_threshold),
            Neighbours = values.GetValue(_neighbours),
            MinSize = values.GetValue(_minSize),
            Seed = values.GetValue(_seed),
        };
        var run = new ClusterRun(options, context)
        {
            MainOnly = ChoiceOption.Read(_faces, values, "all", "main") == 1,
            Names = (NameSource)ChoiceOption.Read(_labels, values, "auto", "folder", "none"),
            CopyTo = values.GetValue(_copy),
        };
        string modelName = values.GetRequiredValue(_model);
        using OnnxFaceEmbedder model = ModelSource.OpenOnnx(modelName, values.GetValue(_threads));
        using FaceCropper? cropper = _photos.Open(values, model.Card.Preprocessing, modelName, _quality.Read(values));
        if (cropper is null && _quality.AreGiven(values))
        {
            throw new UsageException("limits of quality are about photographs and need --detector NAME|FILE.onnx; crops are taken as they are.");
        }

        ClusterReport report = run.Run(values.GetRequiredValue(_source), values.GetRequiredValue(_out), model, modelName, cropper);
        return new CommandOutcome(report, output => Print(output, report));
    }

    private static void Print(ConsoleOutput output, ClusterReport report)
    {
        output.Facts(
            ("groups", $"{Figures.Count(report.Clusters)} with {Figures.Count(report.FacesInClusters)} of {Figures.Count(report.Faces)} faces, the largest of {Figures.Count(report.Largest)}"),
            ("alone", Figures.Count(report.FacesAlone)),
            ("threshold", $"{Figures.Number(report.Threshold.Value)} ({report.Threshold.Origin})"),
            ("B-cubed F", report.Scores is { } b ? $"{Figures.Percent(b.BCubedF)} (precision {Figures.Percent(b.BCubedPrecision)}, recall {Figures.Percent(b.BCubedRecall)})" : null),
            ("pairwise F", report.Scores is { } p ? $"{Figures.Percent(p.PairwiseF)} (precision {Figures.Percent(p.PairwisePrecision)}, recall {Figures.Percent(p.PairwiseRecall)})" : null),
            ("names", report.People is { } people ? $"{Figures.Count(people)} people by their folders, {Figures.Count(report.NamedFaces ?? 0)} faces" : null),
            ("without a face", report.WithoutFace.Count > 0 ? Figures.Count(report.WithoutFace.Count) : null),
            ("refused", report.Refused.Count > 0 ? Figures.Count(report.Refused.Count) : null),
            ("unreadable", report.Unreadable.Count > 0 ? Figures.Count(report.Unreadable.Count) : null),
            ("copies", report.Copies is { } copies ? $"{Figures.Count(copies)} in {report.CopyFolder}" : null),
            ("page", Path.Combine(report.Output, ClusterRun.PageName)),
            ("time", $"{Figures.Duration(TimeSpan.FromSeconds(report.CollectSeconds))} for faces ({Figures.Rate(report.PhotosPerSecond)} photos/s), {Figures.Duration(TimeSpan.FromSeconds(report.ClusterSeconds))} for groups"));
        string[] lines =
        [
            .. report.WithoutFace.Select(path => $"{path}: no face found in it"),
            .. report.Refused.Concat(report.Unreadable).Select(image => $"{image.Path}: {image.Reason}"),
        ];
        ListedLines.Print(output, lines, Path.Combine(report.Output, ClusterRun.ReportName));
    }
}
