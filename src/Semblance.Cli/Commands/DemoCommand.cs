using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Demo;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Training.Native;

namespace Semblance.Cli.Commands;

/// <summary><c>demo</c>: the whole road, with nothing needed but this program.</summary>
internal sealed class DemoCommand : ToolCommand
{
    private readonly Option<string?> _out = new("--out") { Description = "A new folder for everything the demo makes; semblance-demo here (or a numbered sibling) without it.", HelpName = "DIR" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of faces, weights and order.", HelpName = "S", DefaultValueFactory = _ => 1 };

    /// <summary>Creates the command.</summary>
    public DemoCommand()
        : base(
            "demo",
            "Draw synthetic faces, train, measure on people never trained on, export, enrol, identify, and write a report: a few minutes on two cores.",
            "demo",
            "demo --out demo-7 --seed 7 --json")
    {
        Add(_out);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        NativeRuntime.Configure(0);
        var plan = new DemoPlan { Seed = values.GetValue(_seed) };
        DemoFolder folder = DemoFolder.Create(values.GetValue(_out));
        DemoResult result = DemoRun.Run(plan, folder, context.Progress, context.CancellationToken);
        return new CommandOutcome(result, output => Print(output, result));
    }

    private static void Print(ConsoleOutput output, DemoResult result)
    {
        output.Line("All figures were measured in this run, on people that the model was not trained on.");
        output.Table(
            ["verification of unseen people", "accuracy"],
            [
                ["trained model (its ONNX file)", Figures.Percent(result.Accuracy)],
                ["untrained network", Figures.Percent(result.UntrainedAccuracy)],
                ["raw pixels", Figures.Percent(result.PixelAccuracy)],
            ]);
        output.Facts(
            ("pairs", $"{Figures.Count(result.Verification.Pairs)} of {Figures.Count(result.UnseenIdentities)} people, threshold of each fold from the others"),
            ("ROC AUC", Figures.Number(result.Auc)),
            ("equal error rate", Figures.Percent(result.Eer)),
            ("identified at rank 1", $"{Figures.Percent(result.Rank1)} of {Figures.Count(result.Probes)} probes among {Figures.Count(result.Enrolled)} people"),
            ("export differs by", result.ExportMaxAbsDiff.ToString("0.0e+0", CultureInfo.InvariantCulture)),
            ("training", $"{Figures.Count(result.TrainingImages)} images of {Figures.Count(result.TrainingIdentities)} people, {result.Epochs} epochs, {Figures.Duration(TimeSpan.FromSeconds(result.TrainingSeconds))} ({Figures.Rate(result.ImagesPerSecond)} images/s)"),
            ("time in all", Figures.Duration(TimeSpan.FromSeconds(result.Seconds))),
            ("model", result.Model),
            ("gallery", result.Gallery),
            ("report", Path.GetFullPath(result.Report)));
    }
}
