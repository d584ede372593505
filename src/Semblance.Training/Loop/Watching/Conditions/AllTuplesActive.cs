namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>Every triplet costs more than its margin and the loss does not fall: the hardest tuples teach nothing yet.</summary>
internal sealed class AllTuplesActive() : WatchCondition("all-tuples-active")
{
    private const int Windows = 5;
    private const double AlmostAll = 0.995;
    private const double LeastFall = 0.01;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        if (latest.Count == 0 || record.Stage.SoftMargin || record.Stage.CostOfEqualDistances is not { } equal)
        {
            return null;
        }

        // Semi-hard triplets cost less than the margin by definition and are all active; they never come here.
        bool stuck = latest.All(window => window[WatchFigures.ActiveShare] >= AlmostAll && window[WatchFigures.Loss] >= equal)
            && latest[^1][WatchFigures.Loss] > latest[0][WatchFigures.Loss] * (1 - LeastFall);
        return stuck
            ? $"{WatchRecord.Percent(Mean(latest, WatchFigures.ActiveShare))} of the triplets cost something and the loss has not fallen in {Span(latest)} steps ({WatchRecord.Number(latest[^1][WatchFigures.Loss])} at a margin of {WatchRecord.Number(equal)}): begin with semi-hard triplets (--auto-warm-up) or a softmax stage, or lower the learning rate"
            : null;
    }
}
