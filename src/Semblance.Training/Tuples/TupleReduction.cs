using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>How the penalties of tuples become one number. Papers mostly write a sum; codes divide, and not by the same count.</summary>
public enum TupleReduction
{
    /// <summary>Sum divided by the number of penalties above 0.</summary>
    MeanOverActive,

    /// <summary>Sum divided by the number of tuples.</summary>
    MeanOverAll,

    /// <summary>Sum.</summary>
    Sum,

    /// <summary>Mean within each anchor, then over the anchors that have a tuple.</summary>
    MeanPerAnchor,
}

/// <summary>Carries out a <see cref="TupleReduction"/>.</summary>
public static class TupleReductionExtensions
{
    /// <summary>Reduces penalties to a scalar. None at all give 0, attached to the graph so that it back-propagates zeros.</summary>
    /// <param name="reduction">How.</param>
    /// <param name="terms">The penalties.</param>
    /// <returns>A scalar; owned by the caller's dispose scope.</returns>
    public static Tensor Reduce(this TupleReduction reduction, TupleTerms terms)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = terms.Values;
        Tensor reduced = reduction switch
        {
            TupleReduction.Sum => values.sum(),
            TupleReduction.MeanOverAll => values.sum() / Math.Max(1, values.shape[0]),
            TupleReduction.MeanOverActive => values.sum() / values.detach().gt(0).sum().clamp_min(1).to_type(values.dtype),
            _ => (values * AnchorWeights(terms)).sum(),
        };
        return reduced.MoveToOuterDisposeScope();
    }

    // 1/(tuples of the anchor · anchors that have tuples) for each penalty.
    private static Tensor AnchorWeights(TupleTerms terms)
    {
        using DisposeScope scope = NewDisposeScope();
        if (terms.Anchors.shape[0] == 0)
        {
            return zeros_like(terms.Values).MoveToOuterDisposeScope();
        }

        Tensor counts = terms.Anchors.bincount(null);
        Tensor anchors = counts.gt(0).sum();
        return (counts.index_select(0, terms.Anchors) * anchors).to_type(terms.Values.dtype).reciprocal().MoveToOuterDisposeScope();
    }
}
