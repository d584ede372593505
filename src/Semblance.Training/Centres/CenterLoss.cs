using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;

namespace Semblance.Training.Centres;

/// <summary>
/// Softmax cross-entropy plus λ times the center loss (Wen et al. 2016, "A Discriminative Feature Learning Approach for Deep Face
/// Recognition", eq. 5): a <see cref="JointObjective"/> of the two.
/// </summary>
public static class CenterLoss
{
    /// <summary>The paper's λ for faces.</summary>
    public const double DefaultWeight = 0.003;

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "center",
        "Softmax plus λ times the distance of embeddings to running centres of their classes (center loss, Wen et al. 2016).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("weight", DefaultWeight, 0, double.PositiveInfinity, "The weight λ of the center loss beside softmax."),
            .. CentrePull.Parameters,
            new FlagParameter("bias", true, "Whether each class of the softmax has a bias b."),
        ],
        (arguments, context) => Join(
            new MarginSoftmaxObjective(
                "softmax",
                new SoftmaxLogit(),
                new DenseCentres(context.ClassCount, context.EmbeddingSize, context.Seed, arguments.Flag("bias")),
                LogitScale.None),
            CentrePull.Create("center-penalty", arguments, context),
            arguments.Real("weight")));

    /// <summary>Joins a classification loss and the pull to the centres.</summary>
    /// <param name="softmax">The classification loss, part "softmax"; owned by the result.</param>
    /// <param name="pull">The pull to the centres, part "center"; owned by the result.</param>
    /// <param name="weight">λ, at least 0.</param>
    public static JointObjective Join(MarginSoftmaxObjective softmax, CentrePull pull, double weight) =>
        new("center", [new("softmax", softmax, new ConstantWeight(1)), new("center", pull, new ConstantWeight(weight))]);
}
