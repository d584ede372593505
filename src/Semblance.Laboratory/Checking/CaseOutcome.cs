namespace Semblance.Laboratory.Checking;

/// <summary>Whether a case holds.</summary>
public enum CaseResult
{
    /// <summary>Everything lies within its tolerance.</summary>
    Pass,

    /// <summary>Something does not, or the case could not be evaluated.</summary>
    Fail,

    /// <summary>It is about a metric that Semblance does not compute: nothing was checked.</summary>
    Unchecked,
}

/// <summary>One number, or one tensor, against what the case has.</summary>
/// <param name="Name">The loss, a gradient ("grad_weights") or an extra.</param>
/// <param name="Error">The largest difference as a share of the largest expected entry (of 1 for a loss below 1 and for extras below it, of 1 where all expected entries are zero).</param>
/// <param name="Passed">Whether it lies within the tolerance.</param>
public sealed record ComparedValue(string Name, double Error, bool Passed);

/// <summary>What the check of one case in one dtype gave.</summary>
public sealed record CaseOutcome
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The name of the loss, miner or metric; empty where the file could not be read.</summary>
    public required string Loss { get; init; }

    /// <summary>Variant and shape; for an alternative definition its name behind a slash.</summary>
    public required string Case { get; init; }

    /// <summary>float64 or float32; metrics are always computed in float64.</summary>
    public required string Dtype { get; init; }

    /// <summary>Pass, fail or not checked.</summary>
    public required CaseResult Result { get; init; }

    /// <summary>Why it failed or was not checked, in one line; null where it passed.</summary>
    public string? Problem { get; init; }

    /// <summary>The loss that the case has; null where it has none.</summary>
    public double? ExpectedLoss { get; init; }

    /// <summary>Ours.</summary>
    public double? ActualLoss { get; init; }

    /// <summary>|ours − expected| / max(1, |expected|); null where there is no loss.</summary>
    public double? LossError { get; init; }

    /// <summary>Each gradient.</summary>
    public IReadOnlyList<ComparedValue> Gradients { get; init; } = [];

    /// <summary>Counts, state after the batch, tuples, probabilities.</summary>
    public IReadOnlyList<ComparedValue> Extras { get; init; } = [];

    /// <summary>Other published definitions on the same inputs, as far as ours have them; the case passes only if they do.</summary>
    public IReadOnlyList<CaseOutcome> Alternatives { get; init; } = [];
}
