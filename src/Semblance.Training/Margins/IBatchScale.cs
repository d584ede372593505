using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>A curve whose scale follows the batch. The scale is no parameter and carries no gradient; as state it is a buffer.</summary>
public interface IBatchScale
{
    /// <summary>The scale in force, above 0.</summary>
    double Scale { get; }

    /// <summary>Brings the scale up to date; called once for each training step, before the logits are scaled by it.</summary>
    /// <param name="batch">The batch.</param>
    void Adapt(BatchCosines batch);
}

/// <summary>The cosines of a batch as a scale rule may look at them.</summary>
/// <param name="products">[batch × classes] cosines, outside the graph.</param>
/// <param name="targets">[batch]: the column of each sample's own class.</param>
/// <param name="targetCosines">[batch]: cos θ to the own class.</param>
public sealed class BatchCosines(Tensor products, long[] targets, double[] targetCosines)
{
    /// <summary>[batch]: cos θ to the own class; rounding may carry it past ±1.</summary>
    public IReadOnlyList<double> Targets => targetCosines;

    /// <summary>ln of the batch mean of Σ exp(s·cos θ) over the other classes; −∞ where there are none.</summary>
    /// <param name="scale">s.</param>
    public double LogMeanOfOthers(double scale) => LogitRows.LogMeanOfOthers(products, targets, scale);
}
