using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The registry's entries around <see cref="TripletLoss"/>: the general one, and TriHard as its authors run it.</summary>
public static class TripletDefinitions
{
    /// <summary>The margin that TriHard takes with the hinge, on true distances.</summary>
    public const double TriHardMargin = 0.3;

    private static readonly (string, TupleReduction)[] Reductions =
    [
        ("mean-active", TupleReduction.MeanOverActive), ("mean-all", TupleReduction.MeanOverAll),
        ("per-anchor", TupleReduction.MeanPerAnchor), ("sum", TupleReduction.Sum),
    ];

    private enum Mining
    {
        All,
        Violating,
        Hard,
        SemiHard,
        BatchHard,
    }

    private enum SemiHardDefinition
    {
        All,
        Nearest,
        Tfa,
    }

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
            new ChoiceParameter<Mining>("miner", "semi-hard",
                [
                    ("semi-hard", Mining.SemiHard), ("batch-hard", Mining.BatchHard), ("all", Mining.All),
                    ("hard", Mining.Hard), ("violating", Mining.Violating),
                ],
                "semi-hard = negatives beyond the positive within the margin; batch-hard = the worst triplet of each anchor; all = every triplet; hard = negatives nearer than the positive; violating = every triplet within the margin."),
            new ChoiceParameter<SemiHardDefinition>("semi_hard", "nearest",
                [("nearest", SemiHardDefinition.Nearest), ("all-semihard", SemiHardDefinition.All), ("tfa", SemiHardDefinition.Tfa)],
                "For the semi-hard miner: nearest = the nearest within the margin; all-semihard = all within it; tfa = the nearest beyond the positive, else the farthest."),
            new RealParameter("mining_margin", null, 0, double.PositiveInfinity, "The width of the band of the semi-hard and violating miners.",
                MinimumAllowed: false, DerivedFrom: "the margin"),
            TupleParameters.Distance(Distance.SquaredEuclidean),
            TupleParameters.Normalise(true),
            new ChoiceParameter<TupleReduction>("reduction", "mean-active", Reductions,
                "mean-active = over triplets that cost something; mean-all = over all chosen; per-anchor = within each anchor, then over anchors; sum = as the paper writes it."),
        ],
        (arguments, context) =>
        {
            double margin = Margin(arguments);
            return new TupleObjective<TripletSelection>(
                "triplet",
                TupleParameters.Distance(arguments),
                arguments.Flag(TupleParameters.NormaliseKey),
                Miner(arguments, margin),
                new TripletLoss(margin, arguments.Flag("soft_margin"), arguments.Flag("swap")),
                arguments.Choice<TupleReduction>("reduction"));
        });

    /// <summary>Batch-hard with true distances of embeddings as they are and the soft margin, as in Hermans et al. 2017 and the defaults of their code.</summary>
    public static ObjectiveDefinition TriHard { get; } = new(
        "trihard",
        "The farthest positive and the nearest negative of each anchor (TriHard or batch-hard, Hermans et al. 2017).",
        NeedsIdentityBatches: true,
        [
            new FlagParameter("soft_margin", true, "log(1 + exp(h)) in place of max(0, h)."),
            new RealParameter("margin", TriHardMargin, 0, double.PositiveInfinity,
                "The margin with soft_margin false; with the soft margin it is added inside the exponent and is 0 unless given."),
            TupleParameters.Distance(Distance.Euclidean),
            TupleParameters.Normalise(false),
            new ChoiceParameter<TupleReduction>("reduction", "per-anchor", Reductions,
                "per-anchor (here the same as mean-all) = over the anchors that have a triplet; mean-active = over those that cost something; sum = as the paper writes it."),
        ],
        (arguments, context) => new TupleObjective<TripletSelection>(
            "trihard",
            TupleParameters.Distance(arguments),
            arguments.Flag(TupleParameters.NormaliseKey),
            new BatchHardMiner(),
            new TripletLoss(Margin(arguments), arguments.Flag("soft_margin")),
            arguments.Choice<TupleReduction>("reduction")));

    private static double Margin(ObjectiveArguments arguments) =>
        arguments.Flag("soft_margin") && !arguments.IsGiven("margin") ? 0 : arguments.Real("margin");

    private static ITupleMiner<TripletSelection> Miner(ObjectiveArguments arguments, double margin)
    {
        Mining mining = arguments.Choice<Mining>("miner");
        SemiHardDefinition semiHard = arguments.Choice<SemiHardDefinition>("semi_hard");
        if (mining != Mining.SemiHard)
        {
            arguments.RefuseIfGiven("semi_hard", "without the semi-hard miner");
        }

        bool banded = mining == Mining.Violating || (mining == Mining.SemiHard && semiHard != SemiHardDefinition.Tfa);
        if (!banded)
        {
            arguments.RefuseIfGiven("mining_margin", "with this miner, which has no band");
        }

        double band = arguments.RealOrNull("mining_margin") ?? margin;
        if (banded && band <= 0)
        {
            throw new UsageException(
                "The miner of the objective 'triplet' looks within a margin, and that is 0 here; give 'mining_margin' above 0 or another 'miner'.");
        }

        return (mining, semiHard) switch
        {
            (Mining.BatchHard, _) => new BatchHardMiner(),
            (Mining.All, _) => new TripletBandMiner(TripletBand.Any),
            (Mining.Hard, _) => new TripletBandMiner(TripletBand.Hard),
            (Mining.Violating, _) => new TripletBandMiner(TripletBand.Violating, band),
            (_, SemiHardDefinition.All) => new TripletBandMiner(TripletBand.SemiHard, band),
            (_, SemiHardDefinition.Tfa) => new SemiHardMiner(SemiHardChoice.NearestElseFarthest, band),
            _ => new SemiHardMiner(SemiHardChoice.Nearest, band),
        };
    }
}
