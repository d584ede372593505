using System.Text.Json.Serialization;

namespace Semblance.Training.Loop;

/// <summary>What a finished run reports.</summary>
public sealed record TrainingSummary
{
    /// <summary>The run's folder.</summary>
    [JsonPropertyName("run")]
    public required string Run { get; init; }

    /// <summary>Identities trained on.</summary>
    [JsonPropertyName("identities")]
    public required int Identities { get; init; }

    /// <summary>Images trained on.</summary>
    [JsonPropertyName("images")]
    public required int Images { get; init; }

    /// <summary>Images left out because they could not be read; the log names them.</summary>
    [JsonPropertyName("unreadable")]
    public required int Unreadable { get; init; }

    /// <summary>Parameters of the backbone.</summary>
    [JsonPropertyName("parameters")]
    public required long Parameters { get; init; }

    /// <summary>Optimiser steps of the whole run, resumed parts included.</summary>
    [JsonPropertyName("steps")]
    public required long Steps { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    [JsonPropertyName("epochs")]
    public required int Epochs { get; init; }

    /// <summary>Mean loss over the last logged steps; null where this process trained no step.</summary>
    [JsonPropertyName("final_loss")]
    public required double? FinalLoss { get; init; }

    /// <summary>The best validation score, or null without validation.</summary>
    [JsonPropertyName("best_validation")]
    public required double? BestValidation { get; init; }

    /// <summary>Seconds spent by this process in the training steps, validation left out.</summary>
    [JsonPropertyName("training_seconds")]
    public required double TrainingSeconds { get; init; }

    /// <summary>Seconds of this process in all, data preparation and validation included.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    /// <summary>Images per second over this process's training steps.</summary>
    [JsonPropertyName("images_per_second")]
    public required double ImagesPerSecond { get; init; }

    /// <summary>The share of the training time that steps waited for data, 0…1.</summary>
    [JsonPropertyName("data_wait_share")]
    public required double DataWaitShare { get; init; }

    /// <summary>The weights to deploy.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>SHA-256 over the weights.</summary>
    [JsonPropertyName("model_fingerprint")]
    public required string ModelFingerprint { get; init; }
}
