using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>What a positive pair competes with in <see cref="NtXentLoss"/>.</summary>
public enum NtXentDenominator
{
    /// <summary>All other photos of the batch, as the paper writes it.</summary>
    AllOthers,

    /// <summary>That positive and the anchor's negatives; its other positives are left out (pytorch-metric-learning).</summary>
    Negatives,
}

/// <summary>
/// Normalised temperature-scaled cross-entropy (Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual Representations",
/// eq. 1), with labels in place of augmented views: −log softmax of each positive pair's similarity against the anchor's others.
/// </summary>
public sealed class NtXentLoss : ITupleLoss<PairSelection>
{
    /// <summary>The temperature where none is given; the paper finds 0.1 to 0.5.</summary>
    public const double DefaultTemperature = 0.1;

    private readonly double _temperature;
    private readonly NtXentDenominator _denominator;

    /// <summary>Creates the loss.</summary>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="denominator">What a positive pair competes with.</param>
    public NtXentLoss(double temperature = DefaultTemperature, NtXentDenominator denominator = NtXentDenominator.AllOthers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        (_temperature, _denominator) = (temperature, denominator);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "nt-xent",
        "Each positive pair against the anchor's other photos by softmax of cosines (NT-Xent of SimCLR, Chen et al. 2020).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("temperature", DefaultTemperature, 0, double.PositiveInfinity, "The temperature τ that cosines are divided by.", MinimumAllowed: false),
            new ChoiceParameter<NtXentDenominator>("denominator", "all",
                [("all", NtXentDenominator.AllOthers), ("negatives", NtXentDenominator.Negatives)],
                "all = every other photo, as published; negatives = the pair itself and the anchor's negatives (pytorch-metric-learning). The same with one positive per anchor."),
            MinerRegistry.Parameter("all"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.CosineObjective(
            "nt-xent", arguments, context, new NtXentLoss(arguments.Real("temperature"), arguments.Choice<NtXentDenominator>("denominator")), margin: null));

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        // Similarity: what is near is large. The 1 of a cosine drops out of every difference below.
        Tensor logits = -batch.Distances.Values / _temperature;
        Tensor negative = tuples.Negatives.Mask(batch.Distances);
        PairIndices pairs = tuples.Positives.List();
        Tensor own = -batch.Distances.At(pairs) / _temperature;
        Tensor terms = _denominator == NtXentDenominator.AllOthers
            ? MaskedLogSums.LogSumExp(logits, negative.logical_or(tuples.Positives.Mask(batch.Distances))).index_select(0, pairs.Anchors) - own
            : Against(MaskedLogSums.LogSumExp(logits, negative).index_select(0, pairs.Anchors), own);
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => tuples.Positives.List().Anchors)];
    }

    // log(exp(own) + exp(negatives)) − own; softplus keeps the digits that the difference would lose.
    private static Tensor Against(Tensor negatives, Tensor own)
    {
        const double SoftplusIsLinear = 50;
        return nn.functional.softplus(negatives - own, 1, SoftplusIsLinear);
    }
}
