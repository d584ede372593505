using System.Globalization;

namespace Semblance.Training.Configuration;

/// <summary>The ranges of a config's values.</summary>
internal static class TrainingConfigRules
{
    /// <summary>Checks every value's range.</summary>
    /// <param name="config">The config.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public static void Check(TrainingConfig config, string source)
    {
        Require(config.InputSize is 64 or 112, "input_size", config.InputSize, "64 or 112");
        Require(config.EmbeddingSize is >= 2 and <= 4096, "embedding_size", config.EmbeddingSize, "a number from 2 to 4096");
        Require(config.MinImages >= 1, "min_images", config.MinImages, "1 or more");
        Require(config.Dropout is >= 0 and < 1, "dropout", config.Dropout, "a number from 0 to below 1");
        Require(config.Threads >= 0, "threads", config.Threads, "0 (all cores) or more");
        Require(config.LoaderWorkers >= 1, "loader_workers", config.LoaderWorkers, "1 or more");
        Require(config.CacheMegabytes >= 0, "cache_megabytes", config.CacheMegabytes, "0 or more");
        Require(config.Ema is >= 0 and < 1, "ema", config.Ema, "a number from 0 (none) to below 1");
        Require(config.CheckpointEverySteps >= 0, "checkpoint_every_steps", config.CheckpointEverySteps, "0 (each epoch only) or more");
        Require(config.LogEverySteps >= 1, "log_every_steps", config.LogEverySteps, "1 or more");
        Require(config.ValidateEveryEpochs >= 1, "validate_every_epochs", config.ValidateEveryEpochs, "1 or more");
        Require(config.Stages.Count >= 1, "stages", "an empty list", "one stage or more");
        config.Augmentation.Validate();
        for (int i = 0; i < config.Stages.Count; i++)
        {
            StageConfig stage = config.Stages[i];
            string at = $"stages.{i}.";
            Require(stage.Epochs >= 1, at + "epochs", stage.Epochs, "1 or more");
            Require(stage.Batch >= 2, at + "batch", stage.Batch, "2 or more");
            Require(stage.ImagesPerIdentity is 0 or >= 2, at + "images_per_identity", stage.ImagesPerIdentity, "0 (plain batches) or 2 and more");
            Require(stage.Lr > 0, at + "lr", stage.Lr, "a number above 0");
            Require(stage.BackboneLrFactor >= 0, at + "backbone_lr_factor", stage.BackboneLrFactor, "0 or more");
            Require(stage.EmbeddingLrFactor is null or >= 0, at + "embedding_lr_factor", stage.EmbeddingLrFactor ?? 0, "0 or more, or null for backbone_lr_factor");
            Require(stage.ObjectiveLrFactor >= 0, at + "objective_lr_factor", stage.ObjectiveLrFactor, "0 or more");
            Require(stage.Momentum is >= 0 and < 1, at + "momentum", stage.Momentum, "a number from 0 to below 1");
            Require(stage.WeightDecay >= 0, at + "weight_decay", stage.WeightDecay, "0 or more");
            Require(stage.WarmupEpochs >= 0, at + "warmup_epochs", stage.WarmupEpochs, "0 or more");
            Require(stage.AutoWarmUp >= 0, at + "auto_warm_up", stage.AutoWarmUp, "0 (the whole margin from the start) or more epochs");
            Require(stage.FinalLrFraction is >= 0 and <= 1, at + "final_lr_fraction", stage.FinalLrFraction, "a number from 0 to 1");
            Require(stage.PolynomialPower > 0, at + "polynomial_power", stage.PolynomialPower, "a number above 0");
            Require(stage.StepsAt.All(f => f is > 0 and < 1), at + "steps_at", string.Join(", ", stage.StepsAt), "fractions between 0 and 1");
            Require(stage.StepFactor is > 0 and <= 1, at + "step_factor", stage.StepFactor, "a number above 0 and at most 1");
            Require(stage.ClipNorm >= 0, at + "clip_norm", stage.ClipNorm, "0 (no clipping) or more");
        }

        void Require(bool holds, string key, object value, string expected)
        {
            if (!holds)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{source}: key '{key}' is {value}; expected {expected}."));
            }
        }
    }
}
