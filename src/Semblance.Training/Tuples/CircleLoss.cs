using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Circle loss on pairs (Sun et al. 2020, "Circle Loss: A Unified Perspective of Pair Similarity Optimization", eq. 6 with O_p = 1 + m,
/// O_n = −m, Δ_p = 1 − m, Δ_n = m): for each anchor log(1 + Σ_n exp(γ α_n (s_n − Δ_n)) · Σ_p exp(−γ α_p (s_p − Δ_p))). The weights
/// α_p = [O_p − s_p]₊ and α_n = [s_n − O_n]₊ are constants of the gradient, as the paper's is (eq. 7).
/// </summary>
public sealed class CircleLoss : ITupleLoss<PairSelection>, IAnnealed
{
    /// <summary>The paper's margin for face recognition.</summary>
    public const double DefaultMargin = 0.25;

    /// <summary>The paper's scale for face recognition.</summary>
    public const double DefaultScale = 256;

    private const double SoftplusIsLinear = 50;

    private readonly double _margin;
    private readonly double _scale;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">m, the relaxation of both optima, in [0, 1].</param>
    /// <param name="scale">γ, above 0.</param>
    public CircleLoss(double margin = DefaultMargin, double scale = DefaultScale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (_margin, _scale) = (margin, scale);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "circle",
        "Similarities within and between identities, each weighted by its distance from the optimum (circle loss, Sun et al. 2020).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", DefaultMargin, 0, 1, "The margin m: positives aim at a cosine of 1 − m, negatives at m."),
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale γ.", MinimumAllowed: false),
            MinerRegistry.Parameter("all"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.CosineObjective(
            "circle", arguments, context, new CircleLoss(arguments.Real("margin"), arguments.Real("scale")), arguments.Real("margin")));

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        double m = _margin * _eased;
        Tensor positive = tuples.Positives.Mask(batch.Distances);
        Tensor negative = tuples.Negatives.Mask(batch.Distances);
        Tensor anchors = positive.any(1).logical_and(negative.any(1)).nonzero().squeeze(1);
        Tensor similarity = (1 - batch.Distances.Values).index_select(0, anchors);
        Tensor fixedSimilarity = similarity.detach();
        Tensor towards = (1 + m - fixedSimilarity).relu() * -_scale * (similarity - (1 - m));
        Tensor away = (fixedSimilarity + m).relu() * _scale * (similarity - m);
        Tensor sum = MaskedLogSums.LogSumExp(away, negative.index_select(0, anchors)) + MaskedLogSums.LogSumExp(towards, positive.index_select(0, anchors));
        Tensor terms = nn.functional.softplus(sum, 1, SoftplusIsLinear);
        anchors.MoveToOuterDisposeScope();
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => anchors)];
    }
}
