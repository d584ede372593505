namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>Batches hold nothing to compare: no two photos of a person, or photos of one person only.</summary>
internal sealed class NoTuples() : WatchCondition("no-tuples")
{
    private const double Hardly = 0.1;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.LatestOfAll(1);
        return latest.Count > 0 && latest[0][WatchFigures.Tuples] >= 0 && latest[0][WatchFigures.ComparableBatches] <= Hardly
            ? $"{WatchRecord.Percent(1 - latest[0][WatchFigures.ComparableBatches])} of the batches hold no two photos of a person beside another person, so {record.Stage.Loss} has no tuples: use batches of several photos an identity (images_per_identity: 4), or a larger batch"
            : null;
    }
}
