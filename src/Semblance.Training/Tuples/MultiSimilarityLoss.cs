using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Multi-similarity loss (Wang, Han, Huang, Dong and Scott 2019, "Multi-Similarity Loss with General Pair Weighting for Deep Metric
/// Learning", eq. 15): for each anchor (1/α)·log(1 + Σₚ exp(−α(Sₐₚ − λ))) + (1/β)·log(1 + Σₙ exp(β(Sₐₙ − λ))) with cosine similarities S.
/// </summary>
public sealed class MultiSimilarityLoss : ITupleLoss<PairSelection>
{
    /// <summary>α of the paper.</summary>
    public const double DefaultPositiveScale = 2;

    /// <summary>β of the paper.</summary>
    public const double DefaultNegativeScale = 50;

    /// <summary>λ of the paper.</summary>
    public const double DefaultBase = 1;

    private readonly double _positiveScale;
    private readonly double _negativeScale;
    private readonly double _base;
    private readonly OneSidedAnchors _oneSided;

    /// <summary>Creates the loss.</summary>
    /// <param name="positiveScale">α, above 0.</param>
    /// <param name="negativeScale">β, above 0.</param>
    /// <param name="similarity">λ, the similarity around which pairs are weighed.</param>
    /// <param name="oneSided">Keep is the formula; skip leaves anchors out that lack a side, as the authors' code does, yet a mean still divides by all of the batch.</param>
    public MultiSimilarityLoss(
        double positiveScale = DefaultPositiveScale,
        double negativeScale = DefaultNegativeScale,
        double similarity = DefaultBase,
        OneSidedAnchors oneSided = OneSidedAnchors.Keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positiveScale);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(negativeScale);
        (_positiveScale, _negativeScale, _base, _oneSided) = (positiveScale, negativeScale, similarity, oneSided);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "multi-similarity",
        "Positives and negatives of an anchor weighed by their own and their relative similarity (Wang et al. 2019).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("positive_scale", DefaultPositiveScale, 0, double.PositiveInfinity, "The scale α of positives.", MinimumAllowed: false),
            new RealParameter("negative_scale", DefaultNegativeScale, 0, double.PositiveInfinity, "The scale β of negatives.", MinimumAllowed: false),
            new RealParameter("base", DefaultBase, -1, 1, "The similarity λ around which pairs are weighed; 0.5 in the authors' code and in pytorch-metric-learning."),
            OneSidedParameter.With(OneSidedAnchors.Keep),
            MinerRegistry.Parameter("multi-similarity"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.CosineObjective(
            "multi-similarity",
            arguments,
            context,
            new MultiSimilarityLoss(
                arguments.Real("positive_scale"), arguments.Real("negative_scale"), arguments.Real("base"), OneSidedParameter.Of(arguments)),
            margin: null));

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using IDisposable noGradient = no_grad();
        DistanceMatrix distances = batch.Distances;
        // S = 1 − d: −α(S − λ) = α(d − (1 − λ)), and β(S − λ) = −β(d − (1 − λ)).
        double around = 1 - _base;
        MaskedExponentials positives = new(distances.Numbers, tuples.Positives.Mask(distances), _positiveScale, onePlus: -_positiveScale * around);
        MaskedExponentials negatives = new(distances.Numbers, tuples.Negatives.Mask(distances), -_negativeScale, onePlus: _negativeScale * around);
        Tensor penalties = (positives.LogSums / _positiveScale) + (negatives.LogSums / _negativeScale);
        if (_oneSided == OneSidedAnchors.Skip)
        {
            penalties = penalties * tuples.Positives.Mask(distances).any(1).logical_and(tuples.Negatives.Mask(distances).any(1));
        }

        Tensor active = penalties.gt(0).to_type(penalties.dtype);
        return
        [
            TupleTerms.ClosedForm(distances, penalties, ones_like(penalties), active, weights =>
            {
                // A penalty of 0 is one of no pairs, or of an anchor that is skipped.
                Tensor factors = weights is null ? active : active * weights;
                return negatives.AddSlopes(positives.Slopes(factors), -factors);
            }),
        ];
    }
}
