using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Laboratory.Runs;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Native;

namespace Semblance.Cli.Commands;

/// <summary><c>train</c>: from a dataset to a run's folder.</summary>
internal sealed class TrainCommand : ToolCommand
{
    private readonly Option<string?> _data = new("--data") { Description = "The faces to train on.", HelpName = "DIR|ZIP" };
    private readonly Option<string?> _exclude = new("--exclude-identities") { Description = "Names of people to leave out, one a line.", HelpName = "FILE" };
    private readonly Option<string> _run = new("--out") { Description = "The run's folder: config, metrics, checkpoints, log.", HelpName = "RUN", Required = true };
    private readonly Option<string?> _config = new("--config") { Description = "A YAML file; options on the command line win over it.", HelpName = "FILE.yaml" };
    private readonly Option<string?> _backbone = new("--backbone") { Description = "The network; 'semblance backbones' lists them.", HelpName = "NAME" };
    private readonly Option<string?> _loss = new("--loss") { Description = "The loss; 'semblance losses' lists them.", HelpName = "NAME" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Passes over the data.", HelpName = "N" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Images in a step.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "The learning rate after the warm-up.", HelpName = "RATE" };
    private readonly Option<int?> _inputSize = new("--input-size") { Description = "Width and height of the network's input: 64 or 112.", HelpName = "PIXELS" };
    private readonly Option<int?> _embeddingSize = new("--embedding-size") { Description = "Dimension of the embedding.", HelpName = "N" };
    private readonly Option<int?> _minImages = new("--min-images") { Description = "Leave out people with fewer readable images.", HelpName = "N" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of weights, data order and augmentation.", HelpName = "S" };
    private readonly Option<string?> _precision = new("--precision") { Description = "Arithmetic of the trunk: float32 or bfloat16.", HelpName = "NAME" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads of one operation; 0 for all cores.", HelpName = "N" };
    private readonly Option<string?> _init = new("--init") { Description = "Start from this run's backbone, a PyTorch state dict (.pth) or a safetensors file.", HelpName = "RUN|FILE" };
    private readonly Option<string?> _validation = new("--pairs", "--validation") { Description = "A pairs file to validate on after each epoch; the best weights are kept.", HelpName = "FILE" };
    private readonly Option<double?> _warmUp = new("--auto-warm-up")
    {
        Description = "Raise the loss's margin from 0 (and go from semi-hard tuples to hard ones) over the first epochs: a quarter of the stage, or as many as given.",
        HelpName = "EPOCHS",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _set = new("--set") { Description = "Sets any key of the config, for example stages.0.weight_decay=1e-4; may be repeated.", HelpName = "KEY=VALUE" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on where the run in --out was stopped; its own config counts, and options given again must agree with it." };
    private readonly Option<bool> _printConfig = new("--print-config") { Description = "Print the resolved config as YAML and stop: a file to begin from." };

    /// <summary>Creates the command.</summary>
    public TrainCommand()
        : base(
            "train",
            "Train a face model. The run is a folder; Ctrl-C leaves a checkpoint to resume from.",
            "train --data faces --out runs/first --backbone smallresnet --loss arcface --epochs 20 --input-size 64",
            "train --data lfw.zip --exclude-identities test-people.txt --config two-stages.yaml --out runs/lfw",
            "train --resume --out runs/lfw")
    {
        Option[] options =
        [
            _data, _exclude, _run, _config, _backbone, _loss, _epochs, _batch, _rate, _inputSize, _embeddingSize, _minImages, _seed, _precision, _threads, _init,
            _validation, _warmUp, _set, _resume, _printConfig,
        ];
        foreach (Option option in options)
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string folder = values.GetRequiredValue(_run);
        bool resumed = values.GetValue(_resume);
        TrainingConfig resolved = Resolve(values, folder, resumed);
        if (values.GetValue(_printConfig))
        {
            string yaml = TrainingConfigFile.ToYaml(resolved);
            return new CommandOutcome(new { Config = yaml }, output => output.Line(yaml.TrimEnd()));
        }

        if (resolved.Data.Length == 0)
        {
            throw new UsageException("train: --data DIR|ZIP is required, or the key 'data' in the config.");
        }

        NativeRuntime.Configure(resolved.Threads);
        try
        {
            using PairsValidator? validator = PairsValidator.For(resolved);
            var trainer = new Trainer(resolved, folder, validator) { Warnings = new WarningLines(context.Log) };
            TrainingSummary summary = trainer.Run(resumed, context.Progress, context.CancellationToken);
            string? report = WriteReport(folder, context);
            return new CommandOutcome(summary, output => Print(output, folder, summary, report));
        }
        catch (SemblanceException e) when (e is not UsageException && File.Exists(new RunFolder(folder).MetricsPath))
        {
            // What led there is worth seeing.
            WriteReport(folder, context);
            throw;
        }
        catch (OperationCanceledException e)
        {
            throw new SemblanceException($"stopped; a checkpoint is written. Go on with: semblance train --resume --out {folder}", e);
        }
    }

    // The page is an extra: that it could not be written must not make a finished run fail.
    private static string? WriteReport(string folder, CommandContext context)
    {
        try
        {
            RunFolder run = RunFolder.Open(folder);
            new RunPage(run).ToReport().Write(run.ReportPath);
            return run.ReportPath;
        }
        catch (Exception e) when (e is SemblanceException or UsageException or IOException or UnauthorizedAccessException)
        {
            context.Log.WriteLine($"no report was written: {e.Message}");
            return null;
        }
    }

    private static void Print(ConsoleOutput output, string folder, TrainingSummary summary, string? report) => output.Facts(
        ("run", folder),
        ("people", Figures.Count(summary.Identities)),
        ("images", Figures.Count(summary.Images) + (summary.Unreadable > 0 ? $" ({Figures.Count(summary.Unreadable)} unreadable, left out)" : "")),
        ("steps", $"{Figures.Count(summary.Steps)} in {summary.Epochs} epochs"),
        ("final loss", summary.FinalLoss is { } loss ? Figures.Number(loss) : null),
        ("report", report),
        ("best validation", summary.BestValidation is { } best ? Figures.Percent(best) : null),
        ("time", $"{Figures.Duration(TimeSpan.FromSeconds(summary.Seconds))} ({Figures.Rate(summary.ImagesPerSecond)} images/s)"));

    private TrainingOverrides Overrides(ParseResult values) => new()
    {
        Data = values.GetValue(_data),
        ExcludeIdentities = values.GetValue(_exclude),
        Backbone = values.GetValue(_backbone),
        Loss = values.GetValue(_loss),
        Epochs = values.GetValue(_epochs),
        Batch = values.GetValue(_batch),
        LearningRate = values.GetValue(_rate),
        InputSize = values.GetValue(_inputSize),
        EmbeddingSize = values.GetValue(_embeddingSize),
        MinImages = values.GetValue(_minImages),
        Seed = values.GetValue(_seed),
        Precision = values.GetValue(_precision),
        Init = values.GetValue(_init),
        Threads = values.GetValue(_threads),
        Validation = values.GetValue(_validation),
        AutoWarmUp = values.GetResult(_warmUp) is not null,
        AutoWarmUpEpochs = values.GetValue(_warmUp),
        Set = values.GetValue(_set) ?? [],
    };

    /// <summary>
    /// A resumed run goes on with its own config; options given again are laid over it, and the trainer refuses a value that differs. Where
    /// the run was killed before it had a config, the options make a new one.
    /// </summary>
    private TrainingConfig Resolve(ParseResult values, string folder, bool resumed)
    {
        var run = new RunFolder(folder);
        string? config = values.GetValue(_config);
        TrainingOverrides overrides = Overrides(values);
        if (!resumed)
        {
            return TrainingConfigFile.Read(config, overrides);
        }

        return File.Exists(run.ConfigPath) ? TrainingConfigFile.Read(config ?? run.ConfigPath, overrides)
            : config is null && overrides.Data is null ? RunFolder.Open(folder).ReadConfig()
            : TrainingConfigFile.Read(config, overrides);
    }
}
