using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Lifted structure over all positives of an anchor at once (Hermans, Beyer and Leibe 2017, "In Defense of the Triplet Loss for Person
/// Re-Identification", their generalisation of the lifted embedding loss): for each anchor the hinge of log Σₚ exp(dₐₚ) + log Σₙ exp(m − dₐₙ).
/// </summary>
public sealed class GeneralisedLiftedLoss : ITupleLoss<PairSelection>, IAnnealed
{
    /// <summary>The margin m with which the paper's experiments did best.</summary>
    public const double DefaultMargin = 1;

    // Above this softplus is its argument: e^−50 lies below what float64 can tell beside 50.
    private const double SoftplusIsLinear = 50;

    private readonly double _margin;
    private readonly bool _soft;
    private readonly OneSidedAnchors _oneSided;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">m in units of the distance.</param>
    /// <param name="soft">log(1 + exp(h)) in place of max(0, h).</param>
    /// <param name="oneSided">Keep counts an anchor without positives, or without negatives, with the missing log-sum at 0 (pytorch-metric-learning), and divides a mean by all of the batch.</param>
    public GeneralisedLiftedLoss(double margin = DefaultMargin, bool soft = false, OneSidedAnchors oneSided = OneSidedAnchors.Skip) =>
        (_margin, _soft, _oneSided) = (margin, soft, oneSided);

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "generalized-lifted",
        "All positives of an anchor against all its negatives by log-sums of exponentials (Hermans et al. 2017).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", DefaultMargin, 0, double.PositiveInfinity, "The margin m in units of the distance."),
            new FlagParameter("soft_margin", false, "log(1 + exp(h)) in place of max(0, h)."),
            OneSidedParameter.With(OneSidedAnchors.Skip),
            MinerRegistry.Parameter("all"),
            TupleParameters.Distance(Distance.Euclidean),
            TupleParameters.Normalise(false),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.Objective(
            "generalized-lifted",
            arguments,
            context,
            new GeneralisedLiftedLoss(arguments.Real("margin"), arguments.Flag("soft_margin"), OneSidedParameter.Of(arguments)),
            arguments.Real("margin")));

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using IDisposable noGradient = no_grad();
        DistanceMatrix distances = batch.Distances;
        Tensor d = distances.Numbers;
        MaskedExponentials positives = new(d, tuples.Positives.Mask(distances), scale: 1);
        MaskedExponentials negatives = new(d, tuples.Negatives.Mask(distances), scale: -1);
        Tensor toNegatives = negatives.LogSums + (_margin * _eased);
        Tensor hasPositives = positives.LogSums.isfinite();
        Tensor hasNegatives = toNegatives.isfinite();
        bool keep = _oneSided == OneSidedAnchors.Keep;
        Tensor takesPart = (keep ? hasPositives.logical_or(hasNegatives) : hasPositives.logical_and(hasNegatives)).to_type(d.dtype);
        Tensor excess = where(hasPositives, positives.LogSums, 0.0) + where(hasNegatives, toNegatives, 0.0);
        Tensor penalties = (_soft ? nn.functional.softplus(excess, 1, SoftplusIsLinear) : excess.relu()) * takesPart;
        Tensor slope = (_soft ? excess.sigmoid() : excess.gt(0)) * takesPart;
        return
        [
            TupleTerms.ClosedForm(distances, penalties, keep ? ones_like(penalties) : takesPart, penalties.gt(0).to_type(d.dtype), weights =>
            {
                Tensor factors = weights is null ? slope : slope * weights;
                return positives.AddSlopes(negatives.Slopes(-factors), factors);
            }),
        ];
    }
}
