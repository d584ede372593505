namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>Batches could be compared, but hardly a tuple costs anything: there is no gradient left.</summary>
internal sealed class NoActiveTuples() : WatchCondition("no-active-tuples")
{
    private const int Windows = 3;
    private const double Fewest = 1;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.LatestOfAll(Windows);
        bool comparable = latest.Count > 0 && latest.All(window => window[WatchFigures.ComparableBatches] > 0.5);
        if (!comparable || !latest.All(window => window[WatchFigures.ActiveTuples] < Fewest))
        {
            return null;
        }

        double active = Mean(latest, WatchFigures.ActiveTuples);
        double tuples = Mean(latest, WatchFigures.Tuples);
        return $"nothing is left to learn from: {WatchRecord.Number(active)} of {WatchRecord.Number(tuples)} tuples a batch cost anything over {Span(latest)} steps: use a harder miner (batch-hard), a larger margin, or batches of more people; where validation is as good as wanted, stop here";
    }
}
