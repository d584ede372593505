namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>All embeddings of a batch point the same way.</summary>
internal sealed class EmbeddingCollapse() : WatchCondition("embedding-collapse")
{
    private const int Windows = 2;
    private const double NearlyNone = 0.01;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        if (latest.Count == 0 || !latest.All(window => window[WatchFigures.EmbeddingVariance] < NearlyNone))
        {
            return null;
        }

        string remedy = record.Stage.TrunkFrozen
            ? "the backbone is frozen: start from trained weights with --init, or give it a rate (backbone_lr_factor)"
            : "lower the learning rate, begin with a softmax stage or with semi-hard triplets (--auto-warm-up)";
        return $"the embeddings have collapsed: their variance over the batch is {WatchRecord.Number(Mean(latest, WatchFigures.EmbeddingVariance))} of at most 1, so all faces look alike: {remedy}";
    }
}
