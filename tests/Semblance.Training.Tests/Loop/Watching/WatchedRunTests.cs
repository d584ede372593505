using System.Text.Json.Nodes;
using Semblance.Data;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Optimisation;

namespace Semblance.Training.Tests.Loop.Watching;

/// <summary>Real trainings of some seconds that go wrong in each way that a config can provoke, and one that does not.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class WatchedRunTests(TrainingSetFixture set) : IClassFixture<TrainingSetFixture>
{
    [Theory]
    [InlineData("arcface")]
    [InlineData("softmax")]
    [InlineData("triplet")]
    [InlineData("trihard")]
    public void A_run_that_learns_is_told_nothing(string loss) => Assert.Empty(Train(Stage(loss) with { Epochs = 15 }).Warnings);

    [Fact]
    public void A_margin_that_is_too_large_is_told_in_the_log_in_the_metrics_and_to_the_caller()
    {
        (RunFolder run, List<TrainingWarning> warnings) = Train(Stage("arcface", ("margin", 1.2)) with { Epochs = 20 });
        TrainingWarning warning = warnings.First(one => one.Condition == "margin-too-large");
        Assert.Contains("--auto-warm-up", warning.Message, StringComparison.Ordinal);
        Assert.Contains(File.ReadLines(run.LogPath), line => line.EndsWith($"warning: step {warning.Step}: {warning.Message}", StringComparison.Ordinal));
        JsonNode line = Metrics(run).First(document => (string?)document["kind"] == "warning" && (string?)document["condition"] == "margin-too-large");
        Assert.Equal((warning.Message, warning.Step, 0, warning.Epoch), ((string)line["message"]!, (long)line["step"]!, (int)line["stage"]!, (int)line["epoch"]!));
    }

    [Fact]
    public void A_rate_of_next_to_nothing_is_told_with_the_loss_that_stays_where_it_was()
    {
        List<TrainingWarning> warnings = Train(Stage("softmax") with { Epochs = 15, Lr = 1e-9 }).Warnings;
        Assert.Contains(warnings, warning => warning.Condition == "update-too-small" && warning.Message.Contains("raise lr", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Condition == "loss-at-start" && warning.Message.Contains("ln 8 = 2.08", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Condition == "angle-stuck");
    }

    [Fact]
    public void A_rate_far_too_high_is_told_with_the_embeddings_that_it_brings_to_a_point()
    {
        List<TrainingWarning> warnings = Train(Stage("softmax") with { Epochs = 8, Lr = 20, ClipNorm = 5 }).Warnings;
        Assert.Contains(warnings, warning => warning.Condition == "update-too-large" && warning.Message.Contains("lower lr", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Condition == "embedding-collapse");
    }

    [Fact]
    public void A_frozen_trunk_under_a_loss_without_parameters_is_refused()
    {
        var error = Assert.Throws<UsageException>(() => Train(Stage("triplet") with { BackboneLrFactor = 0 }));
        Assert.Contains("backbone_lr_factor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_too_small_for_the_classes_is_told() => Assert.Contains(
        Train(Stage("normface", ("scale", 1.0)) with { Epochs = 4 }).Warnings, warning => warning.Condition == "scale-too-small");

    [Fact]
    public void A_bound_far_below_the_gradient_is_told() => Assert.Contains(
        Train(Stage("arcface") with { Epochs = 15, ClipNorm = 0.01 }).Warnings, warning => warning.Condition == "always-clipped");

    [Fact]
    public void Triplets_that_cost_nothing_any_more_are_told()
    {
        // The same images again and again, and next to no margin.
        TrainingConfig config = Config(Stage("triplet", ("miner", "batch-hard"), ("margin", 0.01)) with { Epochs = 40 }) with { Augmentation = AugmentationOptions.None };
        Assert.Contains(Train(config).Warnings, warning => warning.Condition == "no-active-tuples");
    }

    [Fact]
    public void Batches_without_two_photos_beside_another_person_are_told()
    {
        // Two photos drawn at large are a pair of one person or of two, never a triplet.
        StageConfig stage = Stage("triplet") with { Epochs = 3, Batch = 2, Sampler = new ComponentConfig("shuffle") };
        Assert.Contains(Train(stage).Warnings, warning => warning.Condition == "no-tuples" && warning.Message.Contains("images_per_identity", StringComparison.Ordinal));
    }

    [Fact]
    public void Identities_that_an_epoch_leaves_out_are_told()
    {
        // One batch of two people with 32 photos each is an epoch of this set.
        StageConfig stage = Stage("triplet") with { Epochs = 3, Batch = 64, ImagesPerIdentity = 32 };
        Assert.Contains(Train(stage).Warnings, warning => warning.Condition == "classes-unseen" && warning.Message.Contains("6 of 8 identities", StringComparison.Ordinal));
    }

    [Fact]
    public void Triplets_of_a_net_that_tells_nobody_apart_are_told()
    {
        List<TrainingWarning> warnings = Train(Stage("triplet", ("miner", "all"), ("margin", 50.0)) with { Epochs = 25, Lr = 1e-9 }).Warnings;
        Assert.Contains(warnings, warning => warning.Condition == "triplets-at-margin");
    }

    [Fact]
    public void Triplets_that_all_cost_something_without_end_are_told()
    {
        List<TrainingWarning> warnings = Train(Stage("trihard", ("soft_margin", false), ("margin", 5.0)) with { Epochs = 30, Lr = 1e-9 }).Warnings;
        Assert.Contains(warnings, warning => warning.Condition == "all-tuples-active");
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_in_the_log_too()
    {
        var run = new RunFolder(set.NewRun());
        StageConfig stage = Stage("softmax") with { Epochs = 20, Lr = 1e30, ClipNorm = 0, WarmupEpochs = 0, Schedule = Decay.Constant };
        string message = Assert.Throws<SemblanceException>(() => new Trainer(Config(stage), run.Path).Run(resume: false, null, CancellationToken.None)).Message;
        Assert.Contains(File.ReadLines(run.LogPath), line => line.EndsWith($"failed: {message}", StringComparison.Ordinal));
    }

    [Fact]
    public void Metrics_hold_the_watched_figures_and_a_histogram_of_angles_each_epoch()
    {
        RunFolder run = Train(Stage("arcface") with { Epochs = 3 }).Run;
        JsonNode[] train = [.. Metrics(run).Where(document => (string?)document["kind"] == "train")];
        foreach (string figure in new[] { "embedding_norm", "embedding_variance", "gradient_norm", "beyond_margin", "target_angle", "update_ratio", "identities_seen" })
        {
            Assert.True(train.Any(document => document[figure] is not null), figure);
        }

        Assert.All(train, document => Assert.Equal(8, (int)document["identities_seen"]!));
        JsonNode[] histograms = [.. Metrics(run).Where(document => (string?)document["kind"] == "target_angles")];
        Assert.Equal([1, 2, 3], histograms.Select(document => (int)document["epoch"]!));
        Assert.All(histograms, document => Assert.Equal((36, 64), (document["bins"]!.AsArray().Count, document["bins"]!.AsArray().Sum(bin => (long)bin!))));
    }

    [Fact]
    public void A_run_with_a_warm_up_stopped_in_its_middle_ends_in_the_same_bits_warnings_and_histograms()
    {
        TrainingConfig config = Config(Stage("arcface", ("margin", 1.2)) with { Epochs = 16, AutoWarmUp = 5.5 });
        var unbroken = new RunFolder(set.NewRun());
        string fingerprint = new Trainer(config, unbroken.Path).Run(resume: false, null, CancellationToken.None).ModelFingerprint;
        Assert.Equal(1, Metrics(unbroken).Where(document => (string?)document["kind"] == "train").Max(document => (double)document["margin_fraction"]!));

        var stopped = new RunFolder(set.NewRun());
        TrainingSummary? summary = null;
        while (summary is null)
        {
            using var source = new CancellationTokenSource();
            try
            {
                summary = new Trainer(config, stopped.Path).Run(resume: true, new StopAfter(9, source), source.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }

        Assert.Equal(fingerprint, summary.ModelFingerprint);
        Assert.Equal(Said(unbroken), Said(stopped));
        Assert.True(File.ReadAllBytes(unbroken.CheckpointPath).AsSpan().SequenceEqual(File.ReadAllBytes(stopped.CheckpointPath)));

        static string[] Said(RunFolder run) =>
            [.. Metrics(run).Where(document => (string?)document["kind"] is "warning" or "target_angles").Select(document => document.ToJsonString())];
    }

    private static StageConfig Stage(string loss, params (string Key, object? Value)[] parameters) => new()
    {
        Loss = loss,
        LossParameters = parameters.ToDictionary(pair => pair.Key, pair => pair.Value),
        Batch = 16,
    };

    private static JsonNode[] Metrics(RunFolder run) => [.. File.ReadLines(run.MetricsPath).Select(line => JsonNode.Parse(line)!)];

    private TrainingConfig Config(StageConfig stage) => set.Config(stage) with { Ema = 0, Dropout = 0, CheckpointEverySteps = 0 };

    private (RunFolder Run, List<TrainingWarning> Warnings) Train(StageConfig stage) => Train(Config(stage));

    private (RunFolder Run, List<TrainingWarning> Warnings) Train(TrainingConfig config)
    {
        var run = new RunFolder(set.NewRun());
        var warnings = new Collected();
        _ = new Trainer(config, run.Path) { Warnings = warnings }.Run(resume: false, progress: null, CancellationToken.None);
        return (run, warnings.Said);
    }

    private sealed class Collected : IProgress<TrainingWarning>
    {
        public List<TrainingWarning> Said { get; } = [];

        public void Report(TrainingWarning value) => Said.Add(value);
    }

    private sealed class StopAfter(int steps, CancellationTokenSource source) : IProgress<WorkProgress>
    {
        private int _steps;

        public void Report(WorkProgress value)
        {
            if (value.Stage.StartsWith("epoch", StringComparison.Ordinal) && ++_steps == steps)
            {
                source.Cancel();
            }
        }
    }
}
