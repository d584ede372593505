namespace Semblance.Training.Loop.Watching;

/// <summary>What one update gave, and what was measured on the way; a measure that was not taken is null.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Figures">The objective's figures.</param>
internal sealed record StepOutcome(double Loss, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Degrees between each embedding and its class's centre, where the objective has centres.</summary>
    public float[]? TargetAngles { get; init; }

    /// <summary>Norm of all gradients before clipping.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>‖Δw‖ / ‖w‖ of the step.</summary>
    public double? UpdateRatio { get; init; }

    /// <summary>Norm and spread of the batch's embeddings.</summary>
    public EmbeddingStatistics? Embeddings { get; init; }
}
