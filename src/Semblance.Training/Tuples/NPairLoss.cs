using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// N-pair loss (Sohn 2016, "Improved Deep Metric Learning with Multi-class N-pair Loss Objective", eq. 5, N-pair-mc): each positive pair
/// against the anchor's negatives by softmax of inner products, embeddings not normalised but kept short by a penalty on their norm.
/// </summary>
public sealed class NPairLoss : ITupleLoss<PairSelection>
{
    /// <summary>The weight of the norm penalty where none is given, as in TensorFlow's implementation; the paper names none.</summary>
    public const double DefaultNormWeight = 0.002;

    private readonly NtXentLoss _pairs = new(1, NtXentDenominator.Negatives);
    private readonly double _normWeight;

    /// <summary>Creates the loss.</summary>
    /// <param name="normWeight">λ of the penalty λ/4 · (mean ‖anchor‖² + mean ‖positive‖²), at least 0.</param>
    public NPairLoss(double normWeight = DefaultNormWeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(normWeight);
        _normWeight = normWeight;
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "n-pair",
        "One positive pair of each identity against the positives of all others, by inner products (N-pair-mc, Sohn 2016).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("norm_weight", DefaultNormWeight, 0, double.PositiveInfinity, "The weight λ of the penalty on squared norms; 0 for none."),
            MinerRegistry.Parameter("n-pair"),
            TupleParameters.Normalise(false),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        Create);

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        IReadOnlyList<TupleTerms> pairs = _pairs.Terms(batch, tuples);
        if (_normWeight == 0 || tuples.Positives.Count == 0)
        {
            return pairs;
        }

        using DisposeScope scope = NewDisposeScope();
        PairIndices list = tuples.Positives.List();
        Tensor anchors = batch.Distances.Anchors.index_select(0, list.Anchors).square().sum();
        Tensor positives = batch.Distances.References.index_select(0, list.Others).square().sum();
        Tensor penalty = (anchors + positives) * (0.25 * _normWeight / list.Count);
        return [.. pairs, TupleTerms.AsItIs(penalty.MoveToOuterDisposeScope())];
    }

    private static TupleObjective<PairSelection> Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        bool normalise = arguments.Flag(TupleParameters.NormaliseKey);
        if (normalise)
        {
            arguments.RefuseIfGiven("norm_weight", "on embeddings of unit length");
        }

        return new TupleObjective<PairSelection>(
            "n-pair",
            Distance.InnerProduct,
            normalise,
            MinerRegistry.Create(arguments, new MinerContext(Distance.InnerProduct, normalise, null, context.EmbeddingSize)),
            new NPairLoss(normalise ? 0 : arguments.Real("norm_weight")),
            TupleParameters.Reduction(arguments));
    }
}
