using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Models;
using Semblance.Recognition.Models;
using Semblance.Training.Export;
using Semblance.Training.Loop;
using Semblance.Training.Native;

namespace Semblance.Cli.Commands;

/// <summary><c>export</c>: from a run to a model file that describes itself.</summary>
internal sealed class ExportCommand : ToolCommand
{
    private readonly Option<string> _run = new("--run") { Description = "The run's folder.", HelpName = "RUN", Required = true };
    private readonly Option<string> _out = new("--out") { Description = "The model file to write.", HelpName = "FILE.onnx", Required = true };
    private readonly Option<string?> _pairs = new("--pairs") { Description = "Measure thresholds on these pairs and put them into the file; their people must not have been trained on.", HelpName = "FILE" };
    private readonly Option<string?> _data = new("--data") { Description = "The images of --pairs.", HelpName = "DIR|ZIP" };

    /// <summary>Creates the command.</summary>
    public ExportCommand()
        : base(
            "export",
            "Write a run's model as ONNX, compare both on 64 images, and keep the file only if they agree within 1e-4.",
            "export --run runs/first --out model.onnx",
            "export --run runs/first --out model.onnx --pairs pairs.txt --data other-people")
    {
        Add(_run);
        Add(_out);
        Add(_pairs);
        Add(_data);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string run = values.GetRequiredValue(_run);
        string target = values.GetRequiredValue(_out);
        NativeRuntime.Configure(0);
        IReadOnlyDictionary<string, double>? thresholds = MeasureThresholds(run, values.GetValue(_pairs), values.GetValue(_data), context);
        ExportResult result = RunExporter.Export(run, target, path => OnnxFaceEmbedder.Open(path), thresholds, context.Progress, context.CancellationToken);
        ModelCard card = result.Card;
        return new CommandOutcome(
            new
            {
                Model = target,
                result.Bytes,
                result.MaxAbsDiff,
                card.Backbone,
                card.Loss,
                card.EmbeddingSize,
                InputWidth = card.Preprocessing.Width,
                InputHeight = card.Preprocessing.Height,
                card.TrainingSetFingerprint,
                card.ModelFingerprint,
                card.Thresholds,
            },
            output => output.Facts(
                ("model", $"{target} ({Figures.Bytes(result.Bytes)})"),
                ("what", $"{card.Backbone} trained with {card.Loss}, {card.Preprocessing.Width}×{card.Preprocessing.Height} pixels to {card.EmbeddingSize} numbers"),
                ("agrees with the run within", result.MaxAbsDiff.ToString("0.0e+0", CultureInfo.InvariantCulture)),
                ("thresholds", card.Thresholds.Count > 0 ? string.Join(", ", card.Thresholds.Select(pair => $"{pair.Key}: {Figures.Number(pair.Value)}")) : "none (give --pairs and --data)")));
    }

    private static IReadOnlyDictionary<string, double>? MeasureThresholds(string run, string? pairsPath, string? data, CommandContext context)
    {
        if (pairsPath is null != data is null)
        {
            throw new UsageException("--pairs and --data go together: the pairs and the folder or zip of their images.");
        }

        if (pairsPath is null)
        {
            return null;
        }

        LfwPairs pairs = LfwPairs.Read(pairsPath);
        using FaceDataset dataset = FaceDataset.Open(data!);
        using IFaceEmbedder model = RunFolder.Open(run).OpenEmbedder();
        return DecisionThresholds.Of(VerificationEvaluator.Evaluate(dataset, pairs, model, null, context.Progress, context.CancellationToken));
    }
}
