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
        ArgumentNullException.ThrowIfNull(terms);
        if (!terms.IsReduced)
        {
            return terms.Sum;
        }

        return reduction switch
        {
            TupleReduction.Sum => terms.Sum,
            TupleReduction.MeanOverAll => terms.Sum / Math.Max(1, terms.Count),
            TupleReduction.MeanOverActive => terms.Sum / Math.Max(1, terms.ActiveCount),
            _ => terms.MeanPerAnchor,
        };
    }
}
