namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>A step hardly changes the weights, though the learning rate is at its height.</summary>
internal sealed class UpdateTooSmall() : WatchCondition("update-too-small")
{
    private const int Windows = 2;
    private const double Least = 1e-6;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        // Towards the end of a decay small steps are meant.
        bool atHeight = latest.Count > 0 && latest[^1][WatchFigures.LearningRate] >= record.Stage.Rate / 2;
        return atHeight && latest.All(window => window[WatchFigures.UpdateRatio] < Least)
            ? $"each step changes the weights by {WatchRecord.Number(Mean(latest, WatchFigures.UpdateRatio))} of their size (learning rate {WatchRecord.Number(latest[^1][WatchFigures.LearningRate])}, gradient norm {WatchRecord.Number(Mean(latest, WatchFigures.GradientNorm))}), too little to learn by; about 1e-3 is usual: raise lr"
            : null;
    }
}
