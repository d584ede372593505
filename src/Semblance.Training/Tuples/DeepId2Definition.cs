using Semblance.Training.Margins;
using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>
/// DeepID2 by name: identification (softmax) + λ·verification over pairs (Sun, Chen, Wang and Tang 2014, "Deep Learning Face Representation
/// by Joint Identification-Verification", §2), as a <see cref="JointObjective"/> of the parts "identification" and "verification".
/// </summary>
public static class DeepId2Definition
{
    /// <summary>λ of the paper.</summary>
    public const double DefaultWeight = 0.05;

    private const string Name = "deepid2";

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        Name,
        "Softmax identification + λ·verification of pairs (DeepID2, Sun et al. 2014).",
        NeedsIdentityBatches: true,
        [
            new FlagParameter("bias", true, "Whether each class of the softmax has a bias."),
            new WeightParameter("verification_weight", DefaultWeight, "The weight λ of the verification signal; may follow a schedule."),
            new ChoiceParameter<bool>("verification", "l2", [("l2", false), ("cosine", true)],
                "l2 = ½d² and ½·max(0, m − d)² (eq. 3); cosine = ½·(y − σ(w·cos + b))² with w and b learned."),
            new ChoiceParameter<VerificationPairs>("pairs", "both",
                [("both", VerificationPairs.Both), ("same", VerificationPairs.Same), ("different", VerificationPairs.Different)],
                "Which pairs count; same and different are the paper's L2+ and L2−."),
            new ChoiceParameter<bool>("margin_rule", "threshold", [("threshold", false), ("fixed", true)],
                "threshold = the margin is set anew from recent pairs, as published; fixed = it stands."),
            new RealParameter("margin", null, 0, double.PositiveInfinity, "The margin m, or with the rule 'threshold' the one to begin with.",
                MinimumAllowed: false, DerivedFrom: "the first batch's threshold"),
            new WholeParameter("margin_pairs", EstimatedMargin.DefaultPairs, 2, int.MaxValue, "After how many pairs N the margin is set anew."),
            new RealParameter("cosine_scale", null, 0, double.PositiveInfinity, "w of the cosine at the start.", MinimumAllowed: false, DerivedFrom: "1 with cosine"),
            new RealParameter("cosine_shift", null, double.NegativeInfinity, double.PositiveInfinity, "b of the cosine at the start.", DerivedFrom: "0 with cosine"),
            MinerRegistry.Parameter("each-pair"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        Create);

    private static JointObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        bool cosine = arguments.Choice<bool>("verification");
        ITupleLoss<PairSelection> loss = cosine ? Cosine(arguments) : Euclidean(arguments);
        Distance distance = cosine ? Distance.Cosine : Distance.Euclidean;
        ITupleMiner<TupleSelection> miner = MinerRegistry.Create(
            arguments, new MinerContext(distance, Normalised: cosine, arguments.RealOrNull("margin"), context.EmbeddingSize));
        Objective identification = SoftmaxLogit.Definition.Create(
            ObjectiveArguments.Bind(Name, SoftmaxLogit.Definition.Parameters, new Dictionary<string, object?> { ["bias"] = arguments.Flag("bias") }), context);
        return new JointObjective(
            Name,
            [
                new JointPart("identification", identification, new ConstantWeight(1)),
                new JointPart(
                    "verification",
                    new TupleObjective<PairSelection>("verification", distance, normalise: cosine, miner, loss, TupleParameters.Reduction(arguments)),
                    arguments.Value<IWeightSchedule>("verification_weight")),
            ]);
    }

    private static CosineVerification Cosine(ObjectiveArguments arguments)
    {
        foreach (string name in new[] { "margin_rule", "margin", "margin_pairs" })
        {
            arguments.RefuseIfGiven(name, "with the cosine verification, which has no margin");
        }

        return new CosineVerification(arguments.RealOrNull("cosine_scale") ?? 1, arguments.RealOrNull("cosine_shift") ?? 0, arguments.Choice<VerificationPairs>("pairs"));
    }

    private static VerificationSignal Euclidean(ObjectiveArguments arguments)
    {
        arguments.RefuseIfGiven("cosine_scale", "with the verification 'l2'");
        arguments.RefuseIfGiven("cosine_shift", "with the verification 'l2'");
        VerificationPairs pairs = arguments.Choice<VerificationPairs>("pairs");
        double? margin = arguments.RealOrNull("margin");
        if (pairs == VerificationPairs.Same)
        {
            foreach (string name in new[] { "margin_rule", "margin", "margin_pairs" })
            {
                arguments.RefuseIfGiven(name, "on pairs of the same person");
            }

            return new VerificationSignal(1, pairs);
        }

        if (!arguments.Choice<bool>("margin_rule"))
        {
            return new VerificationSignal(new EstimatedMargin(arguments.Whole("margin_pairs"), margin), pairs);
        }

        arguments.RefuseIfGiven("margin_pairs", "on a margin that stands");
        return new VerificationSignal(
            margin ?? throw new UsageException($"The objective '{Name}' with 'margin_rule: fixed' needs a 'margin', in units of the distance between embeddings as they are."),
            pairs);
    }
}
