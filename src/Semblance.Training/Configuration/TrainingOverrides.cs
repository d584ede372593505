namespace Semblance.Training.Configuration;

/// <summary>What the command line says over a config file; null leaves the file's value.</summary>
public sealed record TrainingOverrides
{
    /// <summary>Overrides data.</summary>
    public string? Data { get; init; }

    /// <summary>Overrides exclude_identities.</summary>
    public string? ExcludeIdentities { get; init; }

    /// <summary>Overrides backbone.</summary>
    public string? Backbone { get; init; }

    /// <summary>Replaces the stages by one with this loss, keeping the first stage's other values.</summary>
    public string? Loss { get; init; }

    /// <summary>Overrides epochs of every stage.</summary>
    public int? Epochs { get; init; }

    /// <summary>Overrides batch of every stage.</summary>
    public int? Batch { get; init; }

    /// <summary>Overrides lr of every stage.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Overrides input_size.</summary>
    public int? InputSize { get; init; }

    /// <summary>Overrides embedding_size.</summary>
    public int? EmbeddingSize { get; init; }

    /// <summary>Overrides min_images.</summary>
    public int? MinImages { get; init; }

    /// <summary>Overrides seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Overrides precision.</summary>
    public string? Precision { get; init; }

    /// <summary>Overrides init.</summary>
    public string? Init { get; init; }

    /// <summary>Overrides threads.</summary>
    public int? Threads { get; init; }

    /// <summary>Overrides validation_pairs.</summary>
    public string? Validation { get; init; }

    /// <summary>
    /// Sets auto_warm_up of every stage whose loss has something to ease, to <see cref="AutoWarmUpEpochs"/>, or to a quarter of the stage
    /// where that is null.
    /// </summary>
    public bool AutoWarmUp { get; init; }

    /// <summary>Epochs of <see cref="AutoWarmUp"/>.</summary>
    public double? AutoWarmUpEpochs { get; init; }

    /// <summary>Assignments key.path=value to any key, for example stages.0.loss_parameters.m=0.4.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];
}
