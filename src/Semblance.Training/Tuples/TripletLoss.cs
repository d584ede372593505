using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Triplet loss: an anchor is to be nearer to its positive than to its negative by a margin. With squared distances of unit vectors it is
/// FaceNet's (Schroff, Kalenichenko and Philbin 2015, eq. 3), with true distances that of Hermans et al. 2017 (eq. 5), whose soft margin
/// log(1 + exp(·)) replaces the hinge there.
/// </summary>
public sealed class TripletLoss : ITupleLoss<TripletSelection>, IAnnealed
{
    /// <summary>FaceNet's margin α, on squared distance of unit vectors.</summary>
    public const double DefaultMargin = 0.2;

    // Above this softplus is its argument: e^−50 lies below what float64 can tell beside 50.
    private const double SoftplusIsLinear = 50;

    private readonly double _margin;
    private readonly bool _soft;
    private readonly bool _swap;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">α in units of the distance, at least 0; with the soft margin it is added inside the exponent.</param>
    /// <param name="soft">log(1 + exp(h)) in place of max(0, h).</param>
    /// <param name="swap">Whether the negative counts from the positive where that is nearer to it than the anchor (Balntas et al. 2016, "anchor swap").</param>
    public TripletLoss(double margin = DefaultMargin, bool soft = false, bool swap = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        (_margin, _soft, _swap) = (margin, soft, swap);
    }

    /// <summary>Whether the negative may count from the positive.</summary>
    public bool Swaps => _swap;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, TripletSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        DistanceMatrix distances = batch.Distances;
        TripletIndices list = tuples.List();
        Tensor negative = distances.At(new PairIndices(list.Anchors, list.Negatives));
        if (_swap)
        {
            negative = minimum(negative, distances.At(new PairIndices(list.Positives, list.Negatives)));
        }

        Tensor excess = distances.At(new PairIndices(list.Anchors, list.Positives)) - negative + (_margin * _eased);
        Tensor terms = _soft ? nn.functional.softplus(excess, 1, SoftplusIsLinear) : excess.relu();
        Tensor anchors = list.Anchors.alias().MoveToOuterDisposeScope();
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => anchors)];
    }
}
