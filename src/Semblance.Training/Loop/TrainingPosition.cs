using System.Text.Json.Serialization;

namespace Semblance.Training.Loop;

/// <summary>Where a run stands: the next thing to do.</summary>
public sealed record TrainingPosition
{
    /// <summary>Index of the stage.</summary>
    public int Stage { get; init; }

    /// <summary>Epoch within the stage.</summary>
    public int Epoch { get; init; }

    /// <summary>Next batch within the epoch.</summary>
    public int Batch { get; init; }

    /// <summary>Optimiser steps made over all stages.</summary>
    public long Step { get; init; }

    /// <summary>The best validation score so far.</summary>
    public double? BestValidation { get; init; }

    /// <summary>What a sampler that looks at the model has planned for the running epochs; empty for other samplers. A tensor of the checkpoint.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Plan { get; init; } = [];

    /// <summary>The training set's fingerprint.</summary>
    public string DataFingerprint { get; init; } = "";
}
