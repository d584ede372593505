using Semblance.Data;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Cli.Demo;

/// <summary>Trains the demo's model: the small ResNet with ArcFace.</summary>
internal static class DemoTraining
{
    /// <summary>
    /// ArcFace's scale. The usual 64 is for tens of thousands of people; a few hundred saturate it, and a short training learns less. NormFace's
    /// bound for a probability of 0.99 among 400 people is 10.6.
    /// </summary>
    private const double Scale = 32;

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
        // The drawn faces are aligned and vary enough; so few epochs gain nothing from strong crops.
        Augmentation = new AugmentationOptions { CropProbability = 0.3, RotationProbability = 0 },
        Stages =
        [
            new StageConfig
            {
                Loss = "arcface",
                LossParameters = new Dictionary<string, object?> { ["scale"] = Scale },
                Epochs = plan.Epochs,
                Batch = plan.Batch,
                Lr = plan.LearningRate,
                WarmupEpochs = 0.5,
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
