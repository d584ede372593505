namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>The triplet loss stands at what equal distances cost, α (or ln 2 with the soft margin): positives and negatives are equally far.</summary>
internal sealed class TripletsAtMargin() : WatchCondition("triplets-at-margin")
{
    private const int Windows = 3;
    private const double Within = 0.01;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        if (latest.Count == 0 || record.Stage.CostOfEqualDistances is not > 0)
        {
            return null;
        }

        double equal = record.Stage.CostOfEqualDistances.Value;
        bool there = latest.All(window =>
            Math.Abs(window[WatchFigures.Loss] - equal) <= Within * equal
            && Math.Abs(window[WatchFigures.DistanceNegative] - window[WatchFigures.DistancePositive]) <= 3 * Within * equal);
        string level = record.Stage.SoftMargin ? $"{WatchRecord.Number(equal)} (the soft margin's value at 0)" : $"the margin {WatchRecord.Number(equal)}";
        return there
            ? $"the triplet loss has stood within 1 % of {level} for {Span(latest)} steps, with positives and negatives equally far ({WatchRecord.Number(Mean(latest, WatchFigures.DistancePositive))}): the embeddings are collapsing to a point; lower the learning rate, begin with a softmax stage or with semi-hard triplets (--auto-warm-up), or use the soft margin"
            : null;
    }
}
