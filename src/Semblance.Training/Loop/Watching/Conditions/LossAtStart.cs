namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>
/// A classification loss stays where guessing puts it: at ln C for softmax over inner products, for scaled cosines with a margin where
/// it began (s = 64 begins near 11, with ArcFace's margin near 41: what has come down to 20 has learned much).
/// </summary>
internal sealed class LossAtStart() : WatchCondition("loss-at-start")
{
    private const int Windows = 3;
    private const double Within = 0.02;
    private const double HeldByMargin = 0.9;
    private const double Standstill = 1e-5;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.Latest(Windows);
        if (latest.Count == 0 || !(record.Stage.ClassifiesByCosine || record.Stage.ClassifiesByProduct))
        {
            return null;
        }

        double chance = record.Stage.ClassifiesByProduct ? Math.Log(record.Stage.ClassCount) : record.Start?[WatchFigures.Loss] ?? double.NaN;
        bool beganWithoutMargin = record.Stage.MarginWarmUpSteps > 0 && record.Stage.ClassifiesByCosine;
        bool heldByMargin = record.Stage.Margin > 0 && Mean(latest, WatchFigures.BeyondMargin) >= HeldByMargin
            && Mean(latest, WatchFigures.UpdateRatio) >= Standstill;
        if (beganWithoutMargin || heldByMargin)
        {
            // There is nothing to compare with, or another line says why.
            return null;
        }

        if (!latest.All(window => window[WatchFigures.Loss] >= chance * (1 - Within)))
        {
            return null;
        }

        string where = record.Stage.ClassifiesByProduct
            ? $"ln {record.Stage.ClassCount} = {WatchRecord.Number(chance)} is what guessing gives"
            : $"it began at {WatchRecord.Number(chance)}, with random embeddings";
        return $"the loss has stayed at {WatchRecord.Number(Mean(latest, WatchFigures.Loss))} for {Span(latest)} steps, and {where}: nothing is learned; change the learning rate (up if update_ratio in metrics.jsonl is below 1e-5, down if it is above 1e-2) and check the labels with 'semblance data inspect'";
    }
}
