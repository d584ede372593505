namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>The angle between embeddings and their own centres stays about where random vectors lie, though no margin holds it there.</summary>
internal sealed class AngleStuck() : WatchCondition("angle-stuck")
{
    private const int Windows = 5;
    private const double NearlyRight = 80;
    private const double LeastFall = 0.5;
    private const double HeldByMargin = 0.5;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        bool stuck = latest.Count > 0
            && latest.All(window => window[WatchFigures.TargetAngle] >= NearlyRight)
            && latest[0][WatchFigures.TargetAngle] - latest[^1][WatchFigures.TargetAngle] < LeastFall;
        if (!stuck || (record.Stage.Margin > 0 && Mean(latest, WatchFigures.BeyondMargin) >= HeldByMargin))
        {
            return null;
        }

        string cause = record.Stage.TrunkFrozen
            ? "the backbone is frozen (backbone_lr_factor 0): give it a rate, or start from trained weights with --init"
            : "raise the learning rate or lengthen warmup_epochs, and see with 'semblance data inspect' that folders are people";
        return $"the mean angle to the own class stands at {latest[^1][WatchFigures.TargetAngle]:F1}° since {Span(latest)} steps, where random vectors lie: {cause}";
    }
}
