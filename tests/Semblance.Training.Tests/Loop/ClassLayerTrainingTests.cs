using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Training.Tests.Loop;

/// <summary>Runs whose class layer updates itself.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class ClassLayerTrainingTests(TrainingSetFixture set) : IClassFixture<TrainingSetFixture>
{
    [Theory]
    [InlineData("closed-form")]
    [InlineData("sampled")]
    public void AStoppedAndResumedRunEndsInTheSameWeightsAsAnUnbrokenOne(string layer)
    {
        TrainingConfig config = set.Config(Stage(layer, OptimizerKind.Sgd));
        string unbroken = new Trainer(config, set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).ModelFingerprint;
        string run = set.NewRun();
        TrainingSummary? summary = null;
        int stops = 0;
        while (summary is null)
        {
            using var source = new CancellationTokenSource();
            try
            {
                summary = new Trainer(config, run).Run(resume: true, new StopAfter(3, source), source.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        Assert.True(stops >= 2, $"{stops} stops");
        Assert.Equal(unbroken, summary.ModelFingerprint);
    }

    [Fact]
    public void AdamwIsRefusedBeforeAFolderIsMade()
    {
        string run = set.NewRun();
        var error = Assert.Throws<UsageException>(() =>
            new Trainer(set.Config(Stage("closed-form", OptimizerKind.Adamw)), run).Run(resume: false, progress: null, CancellationToken.None));
        Assert.Contains("optimizer: sgd", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void TheClosedFormTrainsTheTrunkAsTheDenseLayerDoes()
    {
        // At a rate at which rounding is not yet amplified.
        StageConfig Slow(string layer) => Stage(layer, OptimizerKind.Sgd) with { Lr = 1e-4 };
        double dense = new Trainer(set.Config(Slow("dense")), set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).FinalLoss!.Value;
        double closed = new Trainer(set.Config(Slow("closed-form")), set.NewRun()).Run(resume: false, progress: null, CancellationToken.None).FinalLoss!.Value;
        Assert.Equal(dense, closed, dense * 1e-5);
    }

    private static StageConfig Stage(string layer, OptimizerKind optimizer)
    {
        Dictionary<string, object?> parameters = new() { ["class_layer"] = layer };
        if (layer == "sampled")
        {
            parameters["sample_rate"] = 0.5;
        }

        return new StageConfig { Loss = "arcface", LossParameters = parameters, Epochs = 2, Batch = 16, Optimizer = optimizer, Lr = 0.01 };
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
