using System.Text.Json.Nodes;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Native;
using Semblance.Training.Weights;

namespace Semblance.Training.Tests.Loop;

[Collection(nameof(GlobalGenerator))]
public sealed class TrainerTests(TrainingSetFixture set) : IClassFixture<TrainingSetFixture>
{
    [Fact]
    public void A_run_leaves_config_metrics_events_log_checkpoint_and_model()
    {
        var run = new RunFolder(set.NewRun());
        TrainingSummary summary = new Trainer(set.Config(), run.Path).Run(resume: false, progress: null, CancellationToken.None);
        Assert.Equal((8, 64, 8L, 2), (summary.Identities, summary.Images, summary.Steps, summary.Epochs));
        foreach (string path in new[] { run.ConfigPath, run.MetricsPath, run.LogPath, run.IdentitiesPath, run.CheckpointPath, run.ModelPath, run.SummaryPath })
        {
            Assert.True(new FileInfo(path).Length > 0, path);
        }

        Assert.NotEmpty(Directory.GetFiles(run.EventsPath, "*", SearchOption.AllDirectories));
        Assert.Equal(2, File.ReadLines(run.MetricsPath).Select(line => JsonNode.Parse(line)!["epoch"]!.GetValue<int>()).Distinct().Count());
        using TorchFaceEmbedder embedder = run.OpenEmbedder();
        Assert.Equal((summary.ModelFingerprint, "arcface", 32), (embedder.Card.ModelFingerprint, embedder.Card.Loss, embedder.Card.EmbeddingSize));
        Assert.Empty(Directory.GetFiles(run.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_stopped_and_resumed_run_ends_in_the_same_weights_as_an_unbroken_one()
    {
        TrainingConfig config = set.Config(
            new StageConfig { Loss = "softmax", Epochs = 2, Batch = 16 },
            new StageConfig { Loss = "triplet", Epochs = 2, Batch = 16, ImagesPerIdentity = 4, BackboneLrFactor = 0.5, Optimizer = OptimizerKind.Adamw, Lr = 1e-3 });
        string unbroken = new Trainer(config, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).ModelFingerprint;

        AssertSameInPieces(config, unbroken, steps: 3);
    }

    [Theory]
    [InlineData("hard-identities", "arcface")]
    [InlineData("hard-identities", "triplet")]
    [InlineData("facenet-offline", "triplet")]
    public void A_plan_made_from_the_model_survives_a_stop_in_the_middle_of_its_epochs(string sampler, string loss)
    {
        // The plan holds for two epochs of four batches: attempts of three steps resume within the first epoch, at the second and within it.
        var own = new Dictionary<string, object?> { ["refresh_epochs"] = 2 };
        Dictionary<string, object?> parameters = sampler == "facenet-offline" ? new() { ["miner"] = "consecutive-triplets" } : [];
        TrainingConfig config = set.Config(
            new StageConfig { Loss = "softmax", Epochs = 1, Batch = 16 },
            new StageConfig { Loss = loss, LossParameters = parameters, Epochs = 3, Batch = 16, Sampler = new ComponentConfig(sampler) { Parameters = own } });
        string run = set.NewRun();
        string unbroken = new Trainer(config, run).Run(resume: false, progress: null, CancellationToken.None).ModelFingerprint;
        Assert.Equal(2, File.ReadLines(new RunFolder(run).LogPath).Count(line => line.Contains("the sampler planned", StringComparison.Ordinal)));
        string resumed = AssertSameInPieces(config, unbroken, steps: 3);
        Assert.Equal(2, File.ReadLines(new RunFolder(resumed).LogPath).Count(line => line.Contains("the sampler planned", StringComparison.Ordinal)));
    }

    private string AssertSameInPieces(TrainingConfig config, string unbroken, int steps)
    {
        string run = set.NewRun();
        TrainingSummary? summary = null;
        int stops = 0;
        while (summary is null)
        {
            // Each attempt is stopped after some steps: inside and at the end of epochs, in all stages.
            using var source = new CancellationTokenSource();
            var stopAfter = new StopAfter(steps, source);
            try
            {
                summary = new Trainer(config, run).Run(resume: true, stopAfter, source.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.True(stops >= 4, $"{stops} stops");
        Assert.Equal(unbroken, summary.ModelFingerprint);
        IEnumerable<JsonNode> lines = File.ReadLines(new RunFolder(run).MetricsPath).Select(line => JsonNode.Parse(line)!);
        Assert.All(lines.GroupBy(line => line["kind"]!.GetValue<string>(), line => line["step"]!.GetValue<long>()), kind => Assert.Equal(kind.Order().Distinct(), kind));
        return run;
    }

    [Fact]
    public void With_a_frozen_trunk_the_embedding_layer_alone_learns()
    {
        string first = set.NewRun();
        _ = new Trainer(set.Config(), first).Run(resume: false, progress: null, CancellationToken.None);
        TrainingConfig projection = set.Config(
            new StageConfig { Loss = "triplet", Epochs = 1, Batch = 16, BackboneLrFactor = 0, EmbeddingLrFactor = 1 },
            new StageConfig { Loss = "softmax", Epochs = 1, Batch = 16, BackboneLrFactor = 0 }) with { Init = first, Ema = 0 };
        string second = set.NewRun();
        _ = new Trainer(projection, second).Run(resume: false, progress: null, CancellationToken.None);
        Assert.Equal(["fc.bias", "fc.weight", "features.bias"], Changed(first, second));

        // A later stage has the whole backbone again.
        TrainingConfig whole = projection with { Stages = [projection.Stages[0], new StageConfig { Loss = "triplet", Epochs = 1, Batch = 16 }] };
        string third = set.NewRun();
        _ = new Trainer(whole, third).Run(resume: false, progress: null, CancellationToken.None);
        Assert.Contains("conv1.weight", Changed(first, third));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    public void A_stage_in_which_nothing_would_learn_is_refused(double? ofEmbedding)
    {
        TrainingConfig config = set.Config(new StageConfig { Loss = "triplet", BackboneLrFactor = 0, EmbeddingLrFactor = ofEmbedding });
        var error = Assert.Throws<UsageException>(() => new Trainer(config, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None));
        Assert.Contains("embedding_lr_factor", error.Message, StringComparison.Ordinal);
    }

    private static string[] Changed(string before, string after)
    {
        using SafetensorsContent old = SafetensorsFile.Read(new RunFolder(before).ModelPath);
        using SafetensorsContent now = SafetensorsFile.Read(new RunFolder(after).ModelPath);
        return [.. old.Tensors.Where(pair => !now.Tensors[pair.Key].equal(pair.Value).all().item<bool>()).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Another_seed_ends_in_other_weights()
    {
        string one = new Trainer(set.Config(), set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).ModelFingerprint;
        string two = new Trainer(set.Config() with { Seed = 2 }, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).ModelFingerprint;
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_leaves_the_last_good_checkpoint()
    {
        var run = new RunFolder(set.NewRun());
        TrainingConfig config = set.Config(new StageConfig { Loss = "softmax", Epochs = 50, Batch = 16, Lr = 1e30, WarmupEpochs = 0, ClipNorm = 0, Schedule = Training.Optimisation.Decay.Constant });
        var error = Assert.Throws<SemblanceException>(() => new Trainer(config, run.Path).Run(resume: false, progress: null, CancellationToken.None));
        Assert.Matches("step [0-9]+.*rate", error.Message);
        if (File.Exists(run.CheckpointPath))
        {
            using Checkpoint.LoadedCheckpoint checkpoint = Checkpoint.Load(run.CheckpointPath);
            Assert.All(checkpoint.Content.Tensors.Where(pair => pair.Value.is_floating_point()), pair => Assert.True(pair.Value.isfinite().all().item<bool>(), pair.Key));
        }
    }

    [Fact]
    public void A_checkpoint_cut_in_half_is_refused_with_its_name()
    {
        var run = new RunFolder(set.NewRun());
        _ = new Trainer(set.Config(), run.Path).Run(resume: false, progress: null, CancellationToken.None);
        byte[] bytes = File.ReadAllBytes(run.CheckpointPath);
        File.WriteAllBytes(run.CheckpointPath, bytes[..(bytes.Length / 2)]);
        var error = Assert.Throws<SemblanceException>(() => new Trainer(set.Config(), run.Path).Run(resume: true, progress: null, CancellationToken.None));
        Assert.Contains(run.CheckpointPath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_a_run_is_not_trained_over_and_another_config_does_not_resume_it()
    {
        string run = set.NewRun();
        _ = new Trainer(set.Config(), run).Run(resume: false, progress: null, CancellationToken.None);
        Assert.Contains("--resume", Assert.Throws<UsageException>(() => new Trainer(set.Config(), run).Run(resume: false, progress: null, CancellationToken.None)).Message, StringComparison.Ordinal);
        var other = Assert.Throws<UsageException>(() => new Trainer(set.Config() with { Seed = 9 }, run).Run(resume: true, progress: null, CancellationToken.None));
        Assert.Contains("seed: 1", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_loss_parameter_is_told_before_a_folder_is_made()
    {
        string run = set.NewRun();
        TrainingConfig config = set.Config(new StageConfig { Loss = "arcface", LossParameters = new Dictionary<string, object?> { ["margn"] = 0.4 } });
        var error = Assert.Throws<UsageException>(() => new Trainer(config, run).Run(resume: false, progress: null, CancellationToken.None));
        Assert.Contains("'margin'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void A_mistyped_sampler_is_told_before_a_folder_is_made()
    {
        string run = set.NewRun();
        TrainingConfig config = set.Config(new StageConfig { Sampler = new ComponentConfig("square-rot") });
        Assert.Contains("'square-root'", Assert.Throws<UsageException>(() => new Trainer(config, run).Run(resume: false, progress: null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void The_best_validated_weights_are_the_ones_to_deploy()
    {
        var run = new RunFolder(set.NewRun());
        var validator = new FirstIsBest();
        TrainingSummary summary = new Trainer(set.Config(), run.Path, validator).Run(resume: false, progress: null, CancellationToken.None);
        Assert.Equal(2, validator.Fingerprints.Count);
        Assert.Equal(validator.Fingerprints[0], summary.ModelFingerprint);
        Assert.Equal(1, summary.BestValidation);
    }

    [Fact]
    public void A_run_starts_from_the_backbone_of_another()
    {
        string first = set.NewRun();
        _ = new Trainer(set.Config(), first).Run(resume: false, progress: null, CancellationToken.None);
        TrainingConfig frozen = set.Config(new StageConfig { Loss = "softmax", Epochs = 1, Batch = 16, BackboneLrFactor = 0 }) with { Init = first, Ema = 0 };
        TrainingSummary summary = new Trainer(frozen, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None);
        using TorchFaceEmbedder embedder = RunFolder.Open(first).OpenEmbedder();
        Assert.Equal(embedder.Card.ModelFingerprint, summary.ModelFingerprint);
    }

    [Fact]
    public void One_identity_is_not_enough()
    {
        string data = Directory.CreateDirectory(set.NewRun()).FullName;
        string identity = Directory.EnumerateDirectories(set.Data).First();
        Directory.CreateSymbolicLink(Path.Combine(data, "one"), identity);
        var error = Assert.Throws<SemblanceException>(() => new Trainer(set.Config() with { Data = data }, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None));
        Assert.Contains("at least 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resident_memory_does_not_grow_with_steps()
    {
        TrainingConfig config = set.Config(new StageConfig { Loss = "arcface", Epochs = 75, Batch = 16 }) with { CheckpointEverySteps = 0 };
        var memory = new MemoryAt(100, 300);
        TrainingSummary summary = new Trainer(config, set.NewRun()).Run(resume: false, memory, CancellationToken.None);
        Assert.Equal(300, summary.Steps);
        double grown = (memory.Bytes[300] - memory.Bytes[100]) / 1048576.0;
        Assert.True(grown < 64, $"{grown:F0} MiB more after 300 steps than after 100");
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

    private sealed class MemoryAt(params int[] steps) : IProgress<WorkProgress>
    {
        private int _steps;

        public Dictionary<int, long> Bytes { get; } = [];

        public void Report(WorkProgress value)
        {
            if (value.Stage.StartsWith("epoch", StringComparison.Ordinal) && steps.Contains(++_steps))
            {
                GC.Collect();
                NativeRuntime.TrimHeap();
                Bytes[_steps] = NativeRuntime.ResidentBytes();
            }
        }
    }

    private sealed class FirstIsBest : IModelValidator
    {
        public List<string> Fingerprints { get; } = [];

        public ModelValidation Validate(Semblance.Models.IFaceEmbedder embedder, CancellationToken cancellationToken)
        {
            Fingerprints.Add(embedder.Card.ModelFingerprint);
            return new ModelValidation(1.0 / Fingerprints.Count, new Dictionary<string, double>());
        }
    }
}
