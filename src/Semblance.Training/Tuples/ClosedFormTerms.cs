using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Penalties whose values are computed outside the graph and whose slopes by the distances are known in closed form, so that no tensor of
/// an intermediate step is kept for the way back.
/// </summary>
internal sealed class ClosedFormTerms : TupleTerms
{
    private readonly DistanceMatrix _distances;
    private readonly Tensor _values;
    private readonly Tensor _anchors;
    private readonly Func<Tensor?, Tensor> _slopes;

    /// <summary>Creates the terms.</summary>
    /// <param name="distances">What the penalties depend on.</param>
    /// <param name="values">[n]: the penalties, no part of the graph.</param>
    /// <param name="anchors">[n] int64: the anchor of each.</param>
    /// <param name="slopes">From a weight for each penalty ([n], or null for 1) to the slopes of their weighted sum, [anchors × references]; called at most once, without a graph.</param>
    public ClosedFormTerms(DistanceMatrix distances, Tensor values, Tensor anchors, Func<Tensor?, Tensor> slopes) =>
        (_distances, _values, _anchors, _slopes) = (distances, values, anchors, slopes);

    internal override Tensor Sum => Attached(null);

    internal override long Count => _values.shape[0];

    internal override long ActiveCount
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            return _values.gt(0).sum().item<long>();
        }
    }

    internal override Tensor MeanPerAnchor
    {
        get
        {
            using DisposeScope scope = NewDisposeScope();
            if (Count == 0)
            {
                return Attached(null).MoveToOuterDisposeScope();
            }

            Tensor counts = _anchors.bincount(null);
            // 1/(penalties of the anchor · anchors that have penalties) for each.
            return Attached((counts.index_select(0, _anchors) * counts.gt(0).sum()).to_type(_values.dtype).reciprocal()).MoveToOuterDisposeScope();
        }
    }

    private Tensor Attached(Tensor? weights)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum;
        Tensor slopes;
        using (no_grad())
        {
            sum = (weights is null ? _values : _values * weights).sum();
            slopes = _slopes(weights);
        }

        Tensor linear = _distances.Values.reshape(-1).dot(slopes.reshape(-1));
        return (sum + (linear - linear.detach())).MoveToOuterDisposeScope();
    }
}
