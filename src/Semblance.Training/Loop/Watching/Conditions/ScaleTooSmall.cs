using Semblance.Training.Margins;

namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>The scale of the cosines is too small for the number of classes: the loss cannot come down however good the embeddings (NormFace, Wang et al. 2017, Proposition 2).</summary>
internal sealed class ScaleTooSmall() : WatchCondition("scale-too-small")
{
    private const double Probability = 0.9;
    private const double Comfortable = 0.99;

    /// <inheritdoc/>
    public override string? Seen(WatchRecord record)
    {
        IReadOnlyList<WatchWindow> latest = record.LatestOfAll(1);
        if (latest.Count == 0 || !record.Stage.ClassifiesByCosine || record.Stage.ClassCount < 2)
        {
            return null;
        }

        int classes = record.Stage.ClassCount;
        double scale = latest[0][WatchFigures.Scale];
        return scale < LogitScale.LowerBound(classes, Probability)
            ? $"with scale {WatchRecord.Number(scale)} no sample of {classes} classes can reach a probability of 0.9, however good the embeddings: set scale to {Math.Ceiling(LogitScale.LowerBound(classes, Comfortable))} or more (NormFace's bound for 0.99)"
            : null;
    }
}
