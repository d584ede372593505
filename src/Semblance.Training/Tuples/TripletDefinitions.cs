using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The registry's entries around <see cref="TripletLoss"/>: the general one, and TriHard as its authors run it.</summary>
public static class TripletDefinitions
{
    /// <summary>The margin that TriHard takes with the hinge, on true distances.</summary>
    public const double TriHardMargin = 0.3;

    /// <summary>Triplets with a choice of miner; the defaults are FaceNet's.</summary>
    public static ObjectiveDefinition Triplet { get; } = new(
        "triplet",
        "An anchor nearer to its positive than to its negative by a margin (FaceNet, Schroff et al. 2015).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", TripletLoss.DefaultMargin, 0, double.PositiveInfinity,
                "The margin α in units of the distance; with soft_margin it is added inside the exponent and is 0 unless given."),
            new FlagParameter("soft_margin", false, "log(1 + exp(h)) in place of max(0, h) (Hermans et al. 2017)."),
            new FlagParameter("swap", false, "Whether the negative counts from the positive where that is nearer to it."),
            MinerRegistry.Parameter("semi-hard"),
            TupleParameters.Distance(Distance.SquaredEuclidean),
            TupleParameters.Normalise(true),
            TupleParameters.Reduction(TupleReduction.MeanOverActive),
        ],
        (arguments, context) =>
        {
            double margin = Margin(arguments);
            return TupleParameters.Objective("triplet", arguments, context, new TripletLoss(margin, arguments.Flag("soft_margin"), arguments.Flag("swap")), margin);
        });

    /// <summary>True distances of embeddings as they are, the hardest tuples of each anchor and the soft margin, as in Hermans et al. 2017 and the defaults of their code.</summary>
    public static ObjectiveDefinition TriHard { get; } = new(
        "trihard",
        "The farthest positive and the nearest negative of each anchor (TriHard or batch-hard, Hermans et al. 2017).",
        NeedsIdentityBatches: true,
        [
            new FlagParameter("soft_margin", true, "log(1 + exp(h)) in place of max(0, h)."),
            new RealParameter("margin", TriHardMargin, 0, double.PositiveInfinity,
                "The margin with soft_margin false; with the soft margin it is added inside the exponent and is 0 unless given."),
            MinerRegistry.Parameter("batch-hard"),
            TupleParameters.Distance(Distance.Euclidean),
            TupleParameters.Normalise(false),
            TupleParameters.Reduction(TupleReduction.MeanPerAnchor),
        ],
        (arguments, context) =>
        {
            double margin = Margin(arguments);
            return TupleParameters.Objective("trihard", arguments, context, new TripletLoss(margin, arguments.Flag("soft_margin")), margin);
        });

    private static double Margin(ObjectiveArguments arguments) =>
        arguments.Flag("soft_margin") && !arguments.IsGiven("margin") ? 0 : arguments.Real("margin");
}
