using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Contrastive loss: pairs of the same person are drawn together, pairs of different people pushed to a margin (Hadsell, Chopra and LeCun
/// 2006, "Dimensionality Reduction by Learning an Invariant Mapping", eq. 4): ½d² for the same, ½·max(0, m − d)² for different.
/// </summary>
public sealed class ContrastiveLoss : ITupleLoss<PairSelection>, IAnnealed
{
    /// <summary>The margin where none is given; on unit vectors d lies in [0, 2].</summary>
    public const double DefaultMargin = 1;

    private readonly double _margin;
    private readonly double _positiveMargin;
    private readonly bool _halfSquared;
    private readonly bool _apart;
    private double _eased = 1;

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
            MinerRegistry.Parameter("each-pair"),
            TupleParameters.Distance(Tuples.Distance.Euclidean),
            TupleParameters.Normalise(true),
            new FlagParameter("apart", false, "Whether positives and negatives are reduced apart, then added, so that the many negatives do not drown the positives."),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.Objective(
            "contrastive",
            arguments,
            context,
            new ContrastiveLoss(arguments.Real("margin"), arguments.Real("positive_margin"), arguments.Choice<bool>("penalty"), arguments.Flag("apart")),
            arguments.Real("margin")));

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor positives = Penalty(batch.Distances.At(tuples.Positives) - _positiveMargin);
        Tensor negatives = Penalty((_margin * _eased) - batch.Distances.At(tuples.Negatives));
        if (_apart)
        {
            return
            [
                TupleTerms.Listed(positives.MoveToOuterDisposeScope(), () => tuples.Positives.List().Anchors),
                TupleTerms.Listed(negatives.MoveToOuterDisposeScope(), () => tuples.Negatives.List().Anchors),
            ];
        }

        return
        [
            TupleTerms.Listed(
                cat([positives, negatives]).MoveToOuterDisposeScope(), () => cat([tuples.Positives.List().Anchors, tuples.Negatives.List().Anchors])),
        ];
    }

    private Tensor Penalty(Tensor excess)
    {
        Tensor hinge = excess.relu();
        return _halfSquared ? hinge.square() * 0.5 : hinge;
    }
}
