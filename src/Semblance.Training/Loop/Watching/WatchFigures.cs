namespace Semblance.Training.Loop.Watching;

/// <summary>Names of the figures that the watch adds to those of the objective.</summary>
internal static class WatchFigures
{
    public const string Loss = "loss";
    public const string LearningRate = "learning_rate";
    public const string EmbeddingNorm = "embedding_norm";
    public const string EmbeddingVariance = "embedding_variance";
    public const string GradientNorm = "gradient_norm";
    public const string Clipped = "clipped";
    public const string UpdateRatio = "update_ratio";
    public const string TargetAngle = "target_angle";
    public const string BeyondMargin = "beyond_margin";
    public const string Scale = "scale";
    public const string Tuples = "tuples";
    public const string ActiveTuples = "active_tuples";
    public const string ActiveShare = "active_share";
    public const string DistancePositive = "distance_positive";
    public const string DistanceNegative = "distance_negative";

    /// <summary>How far a warm-up of the margin has come, 0…1; only where the stage has one.</summary>
    public const string MarginFraction = "margin_fraction";

    /// <summary>Share of the batches with two photos of a person and photos of two people. Not written to the metrics.</summary>
    public const string ComparableBatches = "comparable_batches";

    /// <summary>Identities met so far in the epoch.</summary>
    public const string IdentitiesSeen = "identities_seen";
}
