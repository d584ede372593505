namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>Almost no sample comes within the margin of its own class, and the angles do not fall: the curve is flat where the samples are.</summary>
internal sealed class MarginTooLarge() : WatchCondition("margin-too-large")
{
    private const int Windows = 3;
    private const double AlmostAll = 0.9;
    private const double LeastFall = 1;
    private const double Standstill = 1e-5;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        if (latest.Count == 0 || record.Stage.Margin is not > 0 || !latest.All(window => window[WatchFigures.BeyondMargin] >= AlmostAll))
        {
            return null;
        }

        if (Mean(latest, WatchFigures.UpdateRatio) < Standstill)
        {
            // Nothing moves: that is said by another line.
            return null;
        }

        double angle = latest[^1][WatchFigures.TargetAngle];
        if (!(latest[0][WatchFigures.TargetAngle] - angle < LeastFall))
        {
            return null;
        }

        string share = WatchRecord.Percent(Mean(latest, WatchFigures.BeyondMargin));
        string warmUp = record.Stage.MarginWarmUpSteps > 0 ? "a longer --auto-warm-up" : "--auto-warm-up";
        return $"the margin m = {WatchRecord.Number(record.Stage.Margin.Value)} holds {share} of the samples beyond 90°, and their mean angle to the own class has not fallen in {Span(latest)} steps ({angle:F1}°): start with {warmUp}, a smaller margin, or a softmax stage before this one";
    }
}
