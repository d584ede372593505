using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Laboratory.Comparing;
using Semblance.Laboratory.Experiments;
using Semblance.Training.Configuration;

namespace Semblance.Cli.Commands;

/// <summary><c>compare</c>: several losses under the same conditions.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private readonly Option<string> _losses = new("--losses")
    {
        Description = "Names separated by commas, parameters behind colons (cosface:margin=0.2:scale=30); or a YAML list of names and mappings.",
        HelpName = "LIST|FILE.yaml",
        Required = true,
    };

    private readonly Option<string?> _data = new("--data") { Description = "The faces to train on.", HelpName = "DIR|ZIP" };
    private readonly Option<string> _out = new("--out") { Description = "The comparison's folder. Given again with the same values it goes on where it was.", HelpName = "DIR", Required = true };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Trainings of each loss, with as many seeds.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<string?> _pairs = new("--pairs") { Description = "Pairs to test on; their people are left out of training. Without it people are held out and pairs drawn of them.", HelpName = "FILE" };
    private readonly Option<string?> _pairsData = new("--pairs-data") { Description = "The images of the pairs, where they are not those of --data.", HelpName = "DIR|ZIP" };
    private readonly Option<double> _heldOut = new("--held-out") { Description = "The share of people to hold out where no pairs are given.", HelpName = "SHARE", DefaultValueFactory = _ => 0.2 };
    private readonly Option<string?> _config = new("--config") { Description = "A YAML file with what all runs share; the loss of its last stage is exchanged.", HelpName = "FILE.yaml" };
    private readonly Option<string?> _backbone = new("--backbone") { Description = "The network; 'semblance backbones' lists them.", HelpName = "NAME" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Passes over the data.", HelpName = "N" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Images in a step.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "The learning rate after the warm-up.", HelpName = "RATE" };
    private readonly Option<int?> _inputSize = new("--input-size") { Description = "Width and height of the network's input: 64 or 112.", HelpName = "PIXELS" };
    private readonly Option<int?> _embeddingSize = new("--embedding-size") { Description = "Dimension of the embedding.", HelpName = "N" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "The first seed; it also chooses the people held out.", HelpName = "S" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads of one operation; 0 for all cores.", HelpName = "N" };
    private readonly Option<string[]> _set = new("--set") { Description = "Sets any key of the config, for example stages.0.weight_decay=1e-4; may be repeated.", HelpName = "KEY=VALUE" };

    /// <summary>Creates the command.</summary>
    public CompareCommand()
        : base(
            "compare",
            "Train the same network with several losses and seeds, test all on people whom none was trained on, and say whether the best two differ.",
            "compare --losses softmax,cosface,arcface,triplet --data faces --seeds 3 --out comparison --epochs 10 --input-size 64",
            "compare --losses \"arcface,cosface:margin=0.2\" --data lfw.zip --pairs pairs.txt --config base.yaml --out comparison")
    {
        Option[] options =
        [
            _losses, _data, _out, _seeds, _pairs, _pairsData, _heldOut, _config, _backbone, _epochs, _batch, _rate, _inputSize, _embeddingSize, _seed, _threads, _set,
        ];
        foreach (Option option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var plan = new ComparisonPlan
        {
            Losses = LossChoice.ParseList(values.GetRequiredValue(_losses)),
            Base = TrainingConfigFile.Read(values.GetValue(_config), new TrainingOverrides
            {
                Data = values.GetValue(_data),
                Backbone = values.GetValue(_backbone),
                Epochs = values.GetValue(_epochs),
                Batch = values.GetValue(_batch),
                LearningRate = values.GetValue(_rate),
                InputSize = values.GetValue(_inputSize),
                EmbeddingSize = values.GetValue(_embeddingSize),
                Seed = values.GetValue(_seed),
                Threads = values.GetValue(_threads),
                Set = values.GetValue(_set) ?? [],
            }),
            Folder = values.GetRequiredValue(_out),
            Seeds = values.GetValue(_seeds),
            Pairs = values.GetValue(_pairs),
            PairsData = values.GetValue(_pairsData),
            HeldOut = values.GetValue(_heldOut),
        };
        var comparison = new Comparison(plan, ChildTraining.OfThisProgram());
        try
        {
            ComparisonReport report = comparison.Run(context.Progress, context.CancellationToken);
            return new CommandOutcome(report, output => Print(output, report, comparison.PagePath));
        }
        catch (OperationCanceledException e)
        {
            throw new SemblanceException($"stopped; {comparison.Finished} of {plan.Runs().Count} runs are finished and kept. Give the same command again to go on.", e);
        }
    }

    private static void Print(ConsoleOutput output, ComparisonReport report, string page)
    {
        output.Table(
            ["loss", "accuracy", "± over seeds", "AUC", "EER", "TAR@1e-2", "runs", "s/run", "images/s", "memory"],
            [.. report.Losses.Select(Row)]);
        output.Line($"{Figures.Count(report.Pairs)} pairs in {report.Folds} folds, {Figures.Count(report.PeopleTested)} people whom no run was trained on.{(report.Optimistic ? " One fold only: accuracies are upper bounds." : "")}");
        foreach (RunResult failed in report.Runs.Where(run => !run.Finished))
        {
            output.Line($"failed: {failed.Loss}, seed {failed.Seed}: {failed.Failure}");
        }

        if (report.BestTwo is { } two)
        {
            foreach (PairedTest test in two.Tests)
            {
                output.Line(string.Create(CultureInfo.InvariantCulture, $"over {test.Units} {test.Over}: {two.First} better in {test.FirstBetter}, {two.Second} in {test.SecondBetter}, p = {test.P:0.####}"));
            }

            output.Line(two.Verdict);
        }

        output.Line($"page: {page}");
    }

    private static string[] Row(ComparedLoss loss) =>
    [
        loss.Loss, Figures.Percent(loss.Accuracy), Figures.Percent(loss.AccuracyDeviation), Figures.Number(loss.Auc), Figures.Percent(loss.Eer), Figures.Percent(loss.TarAtFar2),
        loss.Failed > 0 ? $"{loss.Finished} ({loss.Failed} failed)" : Figures.Count(loss.Finished),
        loss.Seconds is { } seconds ? seconds.ToString("0.0", CultureInfo.InvariantCulture) : "–",
        loss.ImagesPerSecond is { } rate ? Figures.Rate(rate) : "–",
        loss.PeakMemory is { } memory and > 0 ? Figures.Bytes(memory) : "–",
    ];
}
