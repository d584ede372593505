using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Contrastive loss: pairs of the same person are drawn together, pairs of different people pushed to a margin (Hadsell, Chopra and LeCun
/// 2006, "Dimensionality Reduction by Learning an Invariant Mapping", eq. 4): ½d² for the same, ½·max(0, m − d)² for different.
/// </summary>
public sealed class ContrastiveLoss : ITupleLoss<PairSelection>
{
    /// <summary>The margin where none is given; on unit vectors d lies in [0, 2].</summary>
    public const double DefaultMargin = 1;

    private readonly double _margin;
    private readonly double _positiveMargin;
    private readonly bool _halfSquared;
    private readonly bool _apart;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">m, above 0, in units of the distance.</param>
    /// <param name="positiveMargin">Distance below which a pair of the same person costs nothing; the paper has 0.</param>
    /// <param name="halfSquared">True for ½h² of what exceeds a margin, as published; false for h itself.</param>
    /// <param name="apart">Whether positives and negatives are reduced apart and then added; the paper puts all pairs into one sum.</param>
    public ContrastiveLoss(double margin = DefaultMargin, double positiveMargin = 0, bool halfSquared = true, bool apart = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(positiveMargin);
        (_margin, _positiveMargin, _halfSquared, _apart) = (margin, positiveMargin, halfSquared, apart);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "contrastive",
        "Pairs of the same person together, pairs of different people apart by a margin (Hadsell et al. 2006).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", DefaultMargin, 0, double.PositiveInfinity, "The distance m to which different people are pushed.", MinimumAllowed: false),
            new RealParameter("positive_margin", 0, 0, double.PositiveInfinity, "The distance below which a pair of the same person costs nothing."),
            new ChoiceParameter<bool>("penalty", "half-squared", [("half-squared", true), ("linear", false)],
                "half-squared = ½ of the square of what exceeds a margin, as published; linear = the excess itself."),
            TupleParameters.Distance(Tuples.Distance.Euclidean),
            TupleParameters.Normalise(true),
            new FlagParameter("apart", false, "Whether positives and negatives are reduced apart, then added, so that the many negatives do not drown the positives."),
            new ChoiceParameter<TupleReduction>("reduction", "mean-all",
                [("mean-all", TupleReduction.MeanOverAll), ("mean-active", TupleReduction.MeanOverActive), ("sum", TupleReduction.Sum)],
                "mean-all = over all pairs; mean-active = over those that cost something; sum = as the paper writes it."),
        ],
        (arguments, context) => new TupleObjective<PairSelection>(
            "contrastive",
            TupleParameters.Distance(arguments),
            arguments.Flag(TupleParameters.NormaliseKey),
            new AllPairsMiner(),
            new ContrastiveLoss(arguments.Real("margin"), arguments.Real("positive_margin"), arguments.Choice<bool>("penalty"), arguments.Flag("apart")),
            arguments.Choice<TupleReduction>("reduction")));

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(DistanceMatrix distances, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor positives = Penalty(distances.At(tuples.PositivePairs) - _positiveMargin);
        Tensor negatives = Penalty(_margin - distances.At(tuples.NegativePairs));
        if (_apart)
        {
            return
            [
                new TupleTerms(positives.MoveToOuterDisposeScope(), tuples.PositivePairs.Anchors),
                new TupleTerms(negatives.MoveToOuterDisposeScope(), tuples.NegativePairs.Anchors),
            ];
        }

        Tensor anchors = cat([tuples.PositivePairs.Anchors, tuples.NegativePairs.Anchors]);
        return [new TupleTerms(cat([positives, negatives]).MoveToOuterDisposeScope(), anchors.MoveToOuterDisposeScope())];
    }

    private Tensor Penalty(Tensor excess)
    {
        Tensor hinge = excess.relu();
        return _halfSquared ? hinge.square() * 0.5 : hinge;
    }
}
