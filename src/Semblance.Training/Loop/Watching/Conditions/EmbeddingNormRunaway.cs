namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>Embeddings grow or shrink without end: nothing in the loss holds their length.</summary>
internal sealed class EmbeddingNormRunaway() : WatchCondition("embedding-norm")
{
    private const int Windows = 2;
    private const double Times = 30;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.LatestOfAll(Windows);
        double start = record.Start?[WatchFigures.EmbeddingNorm] ?? double.NaN;
        if (latest.Count == 0 || !(start > 0))
        {
            return null;
        }

        double now = latest[^1][WatchFigures.EmbeddingNorm];
        string numbers = $"from {WatchRecord.Number(start)} at the start to {WatchRecord.Number(now)}";
        return latest.All(window => window[WatchFigures.EmbeddingNorm] > Times * start)
                ? $"the embeddings' norm has grown {numbers}: normalise embeddings (normalise: true, or a loss over cosines), raise weight_decay, or lower the learning rate"
            : latest.All(window => window[WatchFigures.EmbeddingNorm] < start / Times)
                ? $"the embeddings' norm has fallen {numbers}: normalise embeddings (normalise: true, or a loss over cosines), or lower weight_decay"
            : null;
    }
}
