using System.Text.Json.Serialization;

namespace Semblance.Laboratory.Comparing;

/// <summary>What one training of a comparison came to.</summary>
public sealed record RunResult
{
    /// <summary>The loss with its parameters.</summary>
    public required string Loss { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Run { get; init; }

    /// <summary>Why it failed, in one line; null where it did not. All figures are 0 then.</summary>
    public string? Failure { get; init; }

    /// <summary>Mean over folds of the share of pairs decided rightly, 0…1.</summary>
    public double Accuracy { get; init; }

    /// <summary>Area under the ROC curve.</summary>
    public double Auc { get; init; }

    /// <summary>Equal error rate.</summary>
    public double Eer { get; init; }

    /// <summary>TAR at FAR 1e-2; null where the pairs are too few to measure it.</summary>
    public double? TarAtFar2 { get; init; }

    /// <summary>For each pair in the file's order 1 where it was decided rightly under its fold's threshold, else 0.</summary>
    public string Decisions { get; init; } = "";

    /// <summary>Optimiser steps.</summary>
    public long Steps { get; init; }

    /// <summary>Images per second of its training steps, as its last process measured.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Wall time of its processes, start-up and reading of the data included, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The most memory resident at one time, in bytes; 0 where it was not measured.</summary>
    public long PeakMemory { get; init; }

    /// <summary>How many processes it took: 1 where it was never stopped.</summary>
    public int Processes { get; init; }

    /// <summary>Whether it came to figures.</summary>
    [JsonIgnore]
    public bool Finished => Failure is null;
}

/// <summary>What a training has cost, over all its processes.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="PeakMemory">The most memory resident at one time, in bytes.</param>
/// <param name="Processes">How many there were.</param>
internal sealed record RunCost(double Seconds, long PeakMemory, int Processes);
