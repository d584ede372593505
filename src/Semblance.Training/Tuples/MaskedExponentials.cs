using System.Numerics;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// log Σ exp(scale · d) of each row over the cells of a mask, in one pass that the slopes use again. Rows without a cell have −∞, and no NaN
/// anywhere. Built without a graph; all tensors are owned by the dispose scope of the caller.
/// </summary>
internal sealed class MaskedExponentials
{
    private readonly Tensor _distances;
    private readonly Tensor _mask;
    private readonly double _scale;
    // Exponentials against the row's largest; null where the mask is so thin that they are counted again.
    private readonly Tensor? _cells;
    private readonly Tensor _taken;
    private readonly Tensor _sums;

    /// <summary>Computes them.</summary>
    /// <param name="distances">[rows × columns], followed by no graph.</param>
    /// <param name="mask">[rows × columns] bool.</param>
    /// <param name="scale">What a distance is multiplied by.</param>
    /// <param name="onePlus">Where given: log(1 + Σ exp(scale · d + this)).</param>
    public MaskedExponentials(Tensor distances, Tensor mask, double scale, double? onePlus = null)
    {
        (_distances, _mask, _scale) = (MaskedRows.OnCpu(distances), MaskedRows.OnCpu(mask), scale);
        bool thin = MaskedRows.Counts(mask).Sum() * 8 < mask.numel();
        _cells = thin ? null : empty_like(_distances);
        (_taken, _sums) = (empty(distances.shape[0], _distances.dtype), empty(distances.shape[0], _distances.dtype));
        double shift = onePlus ?? 0;
        if (_distances.dtype == ScalarType.Float64)
        {
            Fill<double>(shift, onePlus is not null);
        }
        else
        {
            Fill<float>(shift, onePlus is not null);
        }

        LogSums = _sums.log().add_(_taken).add_(shift).to(distances.device);
    }

    /// <summary>[rows].</summary>
    public Tensor LogSums { get; }

    /// <summary>The slopes of Σ factor · log-sum by the exponents. The exponentials are overwritten, so it may be asked for once.</summary>
    /// <param name="factors">[rows].</param>
    /// <returns>[rows × columns].</returns>
    public Tensor Slopes(Tensor factors)
    {
        if (_cells is null)
        {
            return AddSlopes(zeros_like(_distances), factors);
        }

        Tensor shares = Shares(factors);
        return _distances.dtype == ScalarType.Float64 ? Scaled<double>(_cells, shares) : Scaled<float>(_cells, shares);
    }

    /// <summary>Adds the slopes to others.</summary>
    /// <param name="slopes">[rows × columns], contiguous, on the CPU; changed.</param>
    /// <param name="factors">[rows].</param>
    /// <returns>The slopes.</returns>
    public Tensor AddSlopes(Tensor slopes, Tensor factors)
    {
        if (_cells is not null)
        {
            return slopes.add_(Slopes(factors));
        }

        Tensor shares = Shares(factors);
        return _distances.dtype == ScalarType.Float64 ? Added<double>(slopes, shares) : Added<float>(slopes, shares);
    }

    private Tensor Shares(Tensor factors) => (factors.to_type(_sums.dtype).cpu() / _sums).masked_fill_(_sums.eq(0), 0);

    private void Fill<T>(double shift, bool onePlus)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Grid<T> distances = Grid<T>.Of(_distances);
        Grid<byte> mask = Grid<byte>.Of(_mask);
        Grid<T> taken = Grid<T>.Of(_taken);
        Grid<T> sums = Grid<T>.Of(_sums);
        Grid<T> cells = _cells is null ? default : Grid<T>.Of(_cells);
        bool thin = _cells is null;
        T scale = T.CreateTruncating(_scale);
        // Beside the 1, whose exponent is 0 with the shift and −shift without it, not less than that is taken off.
        T floor = onePlus ? T.CreateTruncating(-shift) : T.NegativeInfinity;
        RowLoop.Run(distances.Rows, distances.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                (T largest, T sum) = thin ? Thin(distances[i], mask[i], scale, floor) : Dense(distances[i], mask[i], scale, floor, cells[i]);
                sum += onePlus ? T.Exp(floor - largest) : T.Zero;
                (taken[0][i], sums[0][i]) = (T.IsNegativeInfinity(largest) ? T.Zero : largest, sum);
            }
        });
    }

    private static (T Largest, T Sum) Dense<T>(ReadOnlySpan<T> distances, ReadOnlySpan<byte> mask, T scale, T floor, Span<T> cells)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ExponentialRow.Scale(distances, scale, cells);
        ExponentialRow.LeaveOut(cells, mask);
        return ExponentialRow.Exponentials(cells, floor);
    }

    private static (T Largest, T Sum) Thin<T>(ReadOnlySpan<T> distances, ReadOnlySpan<byte> mask, T scale, T floor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = floor;
        for (int j = MaskedRows.Next(mask, 0); j >= 0; j = MaskedRows.Next(mask, j + 1))
        {
            largest = T.Max(largest, distances[j] * scale);
        }

        T sum = T.Zero;
        for (int j = MaskedRows.Next(mask, 0); j >= 0; j = MaskedRows.Next(mask, j + 1))
        {
            sum += T.Exp((distances[j] * scale) - largest);
        }

        return (largest, sum);
    }

    private static Tensor Scaled<T>(Tensor tensor, Tensor shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Grid<T> cells = Grid<T>.Of(tensor);
        Grid<T> factors = Grid<T>.Of(shares);
        RowLoop.Run(cells.Rows, cells.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                ExponentialRow.Scale(cells[i], factors[0][i], cells[i]);
            }
        });
        return tensor;
    }

    private Tensor Added<T>(Tensor slopes, Tensor shares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Grid<T> result = Grid<T>.Of(slopes);
        Grid<T> distances = Grid<T>.Of(_distances);
        Grid<byte> mask = Grid<byte>.Of(_mask);
        Grid<T> taken = Grid<T>.Of(_taken);
        Grid<T> factors = Grid<T>.Of(shares);
        T scale = T.CreateTruncating(_scale);
        for (int i = 0; i < result.Rows; i++)
        {
            for (int j = MaskedRows.Next(mask[i], 0); j >= 0; j = MaskedRows.Next(mask[i], j + 1))
            {
                result[i][j] += factors[0][i] * T.Exp((distances[i][j] * scale) - taken[0][i]);
            }
        }

        return slopes;
    }
}
