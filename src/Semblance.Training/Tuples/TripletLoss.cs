using Semblance.Training.Objectives;

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
        return [new TripletPenalties(_margin * _eased, _soft, _swap).Of(batch.Distances, tuples)];
    }
}
