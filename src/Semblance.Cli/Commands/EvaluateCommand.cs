using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Reports;
using Semblance.Evaluation.Verification;
using Semblance.Models;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary><c>evaluate</c>: the LFW protocol on any pairs file.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A run's folder, an exported model or the name of an installed pack.", HelpName = "RUN|NAME|FILE.onnx", Required = true };
    private readonly Option<string> _data = SharedOptions.Data();
    private readonly Option<string> _pairs = new("--pairs") { Description = "The pairs, in LFW's form or lines 'path<TAB>path<TAB>1<TAB>fold'.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _folds = new("--folds") { Description = "Only these folds, for example 9,10; each fold's threshold is chosen on the others.", HelpName = "LIST" };
    private readonly Option<bool> _flip = new("--flip") { Description = "Add the mirror image's embedding, also where the model says not to." };
    private readonly Option<bool> _noFlip = new("--no-flip") { Description = "Embed the image alone instead of adding its mirror image." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write an HTML report with curves, histograms and the hardest pairs.", HelpName = "FILE.html" };
    private readonly Option<bool> _pixels = new("--pixels") { Description = "Also measure the raw pixels; a report always does." };
    private readonly Option<int> _batch = new("--batch") { Description = "Images in one model call.", HelpName = "N", DefaultValueFactory = _ => 64 };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly PhotoOptions _photos = new();

    /// <summary>Creates the command.</summary>
    public EvaluateCommand()
        : base(
            "evaluate",
            "Measure verification on pairs of faces: accuracy over folds, AUC, EER, TAR@FAR.",
            "evaluate --model runs/first --data faces --pairs pairs.txt",
            "evaluate --model model.onnx --data lfw.zip --pairs pairs.txt --folds 9,10 --report report.html",
            "evaluate --model faceplugin --data photos --pairs pairs.txt")
    {
        Option[] options = [_model, _data, _pairs, _folds, _flip, _noFlip, _report, _pixels, _batch, _threads];
        foreach (Option option in options)
        {
            Add(option);
        }

        _photos.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        if (values.GetValue(_flip) && values.GetValue(_noFlip))
        {
            throw new UsageException("--flip and --no-flip contradict each other; leave one of them out.");
        }

        string modelPath = values.GetRequiredValue(_model);
        string? reportPath = values.GetValue(_report);
        LfwPairs pairs = LfwPairs.Read(values.GetRequiredValue(_pairs));
        using IFaceEmbedder model = ModelSource.Open(modelPath, values.GetValue(_threads));
        var options = new VerificationOptions
        {
            Flip = !values.GetValue(_noFlip) && (values.GetValue(_flip) || model.Card.AddsMirrorImage),
            Batch = values.GetValue(_batch),
            Folds = values.GetValue(_folds) is { } list ? FoldList.Parse(list) : null,
        };
        using FaceCropper? cropper = _photos.Open(values, model.Card.Preprocessing, modelPath, QualityThresholds.None);
        using FaceDataset dataset = FaceDataset.Open(values.GetRequiredValue(_data), new FaceDatasetOptions { Cropper = cropper });
        VerificationReport figures = VerificationEvaluator.Evaluate(dataset, pairs, model, options, context.Progress, context.CancellationToken);
        VerificationReport? pixels = null;
        if (reportPath is not null || values.GetValue(_pixels))
        {
            using var baseline = new PixelBaseline(model.Card.Preprocessing.Width, model.Card.Preprocessing.Height);
            pixels = VerificationEvaluator.Evaluate(dataset, pairs, baseline, options, context.Progress, context.CancellationToken);
        }

        if (reportPath is not null)
        {
            WriteReport(reportPath, modelPath, dataset, pairs, model.Card, figures, pixels!);
        }

        JsonObject document = JsonOutput.Object(figures);
        document["model"] = modelPath;
        document["data"] = dataset.Source;
        document["pairs_file"] = pairs.Source;
        document["pixels"] = pixels is null ? null : JsonOutput.Object(pixels);
        document["report"] = reportPath;
        return new CommandOutcome(document, output => Print(output, modelPath, figures, pixels, reportPath));
    }

    private static void WriteReport(
        string path, string model, FaceDataset dataset, LfwPairs pairs, ModelCard card, VerificationReport figures, VerificationReport pixels)
    {
        var page = new VerificationPage($"{model} on {Path.GetFileName(pairs.Source)}", new ReportedModel(model, figures), new ReportedModel("raw pixels", pixels))
        {
            Subtitle = $"{card.Backbone} trained with {card.Loss}, measured on {Path.GetFileName(dataset.Source)}",
            Thumbnails = new FaceThumbnails(dataset),
            Facts =
            [
                ("model", model),
                ("backbone", card.Backbone),
                ("loss", card.Loss),
                ("input", $"{card.Preprocessing.Width}×{card.Preprocessing.Height} pixels"),
                ("embedding", $"{card.EmbeddingSize} numbers{(figures.Flip ? ", image and mirror image added" : "")}"),
                ("model fingerprint", card.ModelFingerprint),
                ("training set", card.TrainingSetFingerprint),
                ("data", dataset.Source),
                ("pairs", pairs.Source),
            ],
        };
        page.ToReport().Write(path);
    }

    private static void Print(ConsoleOutput output, string model, VerificationReport figures, VerificationReport? pixels, string? report)
    {
        VerificationTable.Print(output, pixels is null ? [(model, figures)] : [(model, figures), ("raw pixels", pixels)]);
        output.Line($"{Figures.Count(figures.Pairs)} pairs ({Figures.Count(figures.ImpostorPairs)} of two people), {Figures.Count(figures.Images)} images, {(figures.Flip ? "with" : "without")} mirror images, {Figures.Rate(figures.ImagesPerSecond)} images/s.");
        if (figures.FailuresToAcquire.Count > 0)
        {
            output.Line($"{Figures.Count(figures.FailuresToAcquire.Count)} photos show no usable face, so their pairs count as no match; the first: {figures.FailuresToAcquire[0].Path}");
        }

        if (figures.AccuracyOptimistic)
        {
            output.Line("One fold only: its threshold was chosen on itself, so the accuracy is an upper bound.");
        }

        if (report is not null)
        {
            output.Line($"report: {report}");
        }
    }
}
