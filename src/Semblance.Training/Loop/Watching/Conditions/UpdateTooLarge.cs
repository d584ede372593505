namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>A step changes the weights by a large part of their size.</summary>
internal sealed class UpdateTooLarge() : WatchCondition("update-too-large")
{
    private const int Windows = 1;
    private const double Most = 0.1;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.LatestOfAll(Windows);
        return latest.Count > 0 && latest.All(window => window[WatchFigures.UpdateRatio] > Most)
            ? $"each step changes the weights by {WatchRecord.Percent(Mean(latest, WatchFigures.UpdateRatio))} of their size (learning rate {WatchRecord.Number(latest[^1][WatchFigures.LearningRate])}, gradient norm {WatchRecord.Number(Mean(latest, WatchFigures.GradientNorm))}); about 0.1 % is usual: lower lr tenfold, lengthen warmup_epochs or set clip_norm"
            : null;
    }
}
