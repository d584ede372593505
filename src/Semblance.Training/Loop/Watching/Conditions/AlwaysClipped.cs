namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>The gradient is far beyond the bound in every step: its length no longer counts, and the learning rate means something else.</summary>
internal sealed class AlwaysClipped() : WatchCondition("always-clipped")
{
    private const int Windows = 3;
    private const double AlmostAlways = 0.95;
    private const double FarBeyond = 50;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        double clip = record.Stage.ClipNorm;
        return latest.Count > 0 && clip > 0
            && latest.All(window => window[WatchFigures.Clipped] >= AlmostAlways && window[WatchFigures.GradientNorm] > FarBeyond * clip)
            ? $"the gradient was clipped in {WatchRecord.Percent(Mean(latest, WatchFigures.Clipped))} of the last {Span(latest)} steps, its norm {WatchRecord.Number(Mean(latest, WatchFigures.GradientNorm))} against clip_norm {WatchRecord.Number(clip)}: raise clip_norm, or lower the loss's scale or the learning rate"
            : null;
    }
}
