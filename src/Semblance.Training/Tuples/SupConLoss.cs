using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Supervised contrastive loss (Khosla et al. 2020, "Supervised Contrastive Learning", eq. 2, L_out): for each anchor the mean over its
/// positives of −log softmax of the similarity against all other photos.
/// </summary>
public sealed class SupConLoss : ITupleLoss<PairSelection>
{
    /// <summary>The paper's temperature.</summary>
    public const double DefaultTemperature = 0.1;

    private readonly double _temperature;
    private readonly double _factor;

    /// <summary>Creates the loss.</summary>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="baseTemperature">Where given, the loss is multiplied by τ over it, as in the authors' code (0.07); the paper has no such factor.</param>
    public SupConLoss(double temperature = DefaultTemperature, double? baseTemperature = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        (_temperature, _factor) = (temperature, temperature / (baseTemperature ?? temperature));
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "supcon",
        "Each positive against all other photos of the batch by softmax of cosines (supervised contrastive, Khosla et al. 2020).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("temperature", DefaultTemperature, 0, double.PositiveInfinity, "The temperature τ that cosines are divided by.", MinimumAllowed: false),
            new RealParameter("base_temperature", null, 0, double.PositiveInfinity,
                "The loss is multiplied by τ over this; the authors' code has 0.07.", MinimumAllowed: false, DerivedFrom: "the temperature"),
            MinerRegistry.Parameter("all"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.CosineObjective(
            "supcon", arguments, context, new SupConLoss(arguments.Real("temperature"), arguments.RealOrNull("base_temperature")), margin: null));

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor positive = tuples.Positives.Mask(batch.Distances);
        Tensor others = positive.logical_or(tuples.Negatives.Mask(batch.Distances));
        Tensor anchors = positive.any(1).nonzero().squeeze(1);
        Tensor logits = (1 - batch.Distances.Values).index_select(0, anchors) / _temperature;
        Tensor chosen = positive.index_select(0, anchors);
        Tensor all = MaskedLogSums.LogSumExp(logits, others.index_select(0, anchors));
        Tensor mean = logits.masked_fill(chosen.logical_not(), 0).sum(1) / chosen.sum(1);
        Tensor terms = (all - mean) * _factor;
        anchors.MoveToOuterDisposeScope();
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => anchors)];
    }
}
