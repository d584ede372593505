using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Sums over some cells of each row, stable for large numbers and with finite gradients for rows without a cell.</summary>
internal static class MaskedLogSums
{
    /// <summary>log Σ exp over the cells that the mask has; −∞ for a row without one, which receives a zero gradient.</summary>
    /// <param name="values">[rows × columns], attached to the graph.</param>
    /// <param name="mask">[rows × columns] bool.</param>
    /// <returns>[rows]; owned by the caller's dispose scope.</returns>
    public static Tensor LogSumExp(Tensor values, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        // The gradient of a row of −∞ is NaN; `where` hands back zeros in its place, as it selects rather than multiplies.
        return values.masked_fill(mask.logical_not(), double.NegativeInfinity).logsumexp(1).MoveToOuterDisposeScope();
    }

    /// <summary>log(1 + Σ exp) over the cells that the mask has; 0 for a row without one.</summary>
    /// <param name="values">[rows × columns], attached to the graph.</param>
    /// <param name="mask">[rows × columns] bool.</param>
    /// <returns>[rows]; owned by the caller's dispose scope.</returns>
    public static Tensor LogOnePlusSumExp(Tensor values, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor masked = values.masked_fill(mask.logical_not(), double.NegativeInfinity);
        return cat([masked, zeros(values.shape[0], 1, values.dtype, values.device)], 1).logsumexp(1).MoveToOuterDisposeScope();
    }
}
