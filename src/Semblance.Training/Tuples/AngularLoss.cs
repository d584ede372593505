using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Angular loss (Wang et al. 2017, "Deep Metric Learning with Angular Loss", eq. 8): the angle at the negative of the triangle of anchor,
/// positive and negative is held below α: log(1 + Σ_n exp(4 tan²α (a + p)ᵀn − 2 (1 + tan²α) aᵀp)) for each positive pair.
/// </summary>
public sealed class AngularLoss : ITupleLoss<PairSelection>, ISquareLoss
{
    /// <summary>The paper's bound on the angle, in degrees.</summary>
    public const double DefaultAngle = 45;

    private const double SoftplusIsLinear = 50;

    private readonly double _squaredTangent;

    /// <summary>Creates the loss.</summary>
    /// <param name="angle">α in degrees, in (0, 90).</param>
    public AngularLoss(double angle = DefaultAngle)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(angle);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(angle, 90);
        _squaredTangent = Math.Pow(Math.Tan(angle * Math.PI / 180), 2);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "angular",
        "The angle at the negative of each triplet's triangle below a bound (angular loss, Wang et al. 2017).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("angle", DefaultAngle, 0, 89, "The bound α in degrees.", MinimumAllowed: false),
            MinerRegistry.Parameter("all"),
            TupleParameters.Normalise(true),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) =>
        {
            bool normalise = arguments.Flag(TupleParameters.NormaliseKey);
            return new TupleObjective<PairSelection>(
                "angular",
                Distance.InnerProduct,
                normalise,
                MinerRegistry.Create(arguments, new MinerContext(Distance.InnerProduct, normalise, null, context.EmbeddingSize)),
                new AngularLoss(arguments.Real("angle")),
                TupleParameters.Reduction(arguments));
        });

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor products = -batch.Distances.Values;
        PairIndices pairs = tuples.Positives.List();
        Tensor negative = tuples.Negatives.Mask(batch.Distances).index_select(0, pairs.Anchors);
        Tensor both = products.index_select(0, pairs.Anchors) + products.index_select(0, pairs.Others);
        Tensor away = MaskedLogSums.LogSumExp(both * (4 * _squaredTangent), negative);
        Tensor together = -batch.Distances.At(pairs) * (2 * (1 + _squaredTangent));
        Tensor terms = nn.functional.softplus(away - together, 1, SoftplusIsLinear);
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => tuples.Positives.List().Anchors)];
    }
}
