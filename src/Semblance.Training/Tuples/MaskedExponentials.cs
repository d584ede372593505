using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// log Σ exp(x) of each row over the cells that are not −∞, with one pass of exponentials that the slopes use again. Rows without a cell
/// have −∞, and no NaN anywhere. Built without a graph; all tensors are owned by the dispose scope of the caller.
/// </summary>
internal readonly struct MaskedExponentials
{
    /// <summary>Computes them.</summary>
    /// <param name="exponents">[rows × columns] with −∞ in the cells left out; overwritten.</param>
    /// <param name="withOne">Whether 1 is added to the sum: log(1 + Σ exp(x)).</param>
    public MaskedExponentials(Tensor exponents, bool withOne = false)
    {
        Tensor largest = exponents.shape[1] == 0 ? exponents.new_zeros(exponents.shape[0], 1) : exponents.amax([1], keepdim: true);
        // Of a row without a cell nothing is to be subtracted; beside the 1, whose exponent is 0, not less than 0.
        largest = withOne ? largest.clamp_min(0) : largest.masked_fill(largest.isneginf(), 0);
        _cells = exponents.sub_(largest).exp_();
        _sums = _cells.sum(1, keepdim: true);
        if (withOne)
        {
            _sums.add_(largest.neg().exp_());
        }

        LogSums = (_sums.log() + largest).squeeze(1);
    }

    private readonly Tensor _cells;
    private readonly Tensor _sums;

    /// <summary>[rows].</summary>
    public Tensor LogSums { get; }

    /// <summary>The slopes of Σ factor · log-sum by the exponents. The exponentials are overwritten, so it may be asked for once.</summary>
    /// <param name="factors">[rows].</param>
    /// <returns>[rows × columns].</returns>
    public Tensor Slopes(Tensor factors) => _cells.mul_((factors.unsqueeze(1) / _sums).masked_fill_(_sums.eq(0), 0));
}
