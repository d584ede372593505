using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Cli.Demo;

/// <summary>Trains the demo's model: the small ResNet with ArcFace.</summary>
internal static class DemoTraining
{
    /// <summary>The run's config.</summary>
    /// <param name="plan">How much to do.</param>
    /// <param name="folder">Where the faces lie.</param>
    public static TrainingConfig Config(DemoPlan plan, DemoFolder folder) => new()
    {
        Data = folder.TrainingFaces,
        Backbone = "smallresnet",
        InputSize = plan.Size,
        EmbeddingSize = plan.EmbeddingSize,
        Seed = plan.Seed,
        Stages =
        [
            new StageConfig
            {
                Loss = "arcface",
                Epochs = plan.Epochs,
                Batch = plan.Batch,
                Lr = plan.LearningRate,
            },
        ],
    };

    /// <summary>Trains.</summary>
    /// <param name="config">The run's config.</param>
    /// <param name="folder">Where the run goes.</param>
    /// <param name="progress">Told of steps.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static TrainingSummary Train(TrainingConfig config, DemoFolder folder, IProgress<WorkProgress> progress, CancellationToken cancellationToken) =>
        new Trainer(config, folder.Run).Run(resume: false, progress, cancellationToken);
}
