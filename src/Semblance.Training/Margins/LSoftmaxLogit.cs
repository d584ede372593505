using Semblance.Training.Classes;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>
/// L-Softmax: ‖W‖‖x‖·ψ(θ) with ψ(θ) = (−1)^k cos(mθ) − 2k for θ in [kπ/m, (k+1)π/m] (Liu et al. 2016, "Large-Margin Softmax Loss for
/// Convolutional Neural Networks", eq. 4–6), nothing normalised, annealed by λ (§4.3 and the authors' code). With m = 1 it is softmax
/// without a bias.
/// </summary>
public sealed class LSoftmaxLogit : AnnealedAngleLogit
{
    /// <summary>The authors' m for faces and CIFAR.</summary>
    public const int DefaultMargin = 4;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m, from 1 to 4.</param>
    /// <param name="lambda">How λ falls; <see cref="PublishedSchedule"/> where null.</param>
    public LSoftmaxLogit(int margin = DefaultMargin, FallingLambda? lambda = null)
        : base("l-softmax", margin, lambda ?? PublishedSchedule)
    {
    }

    /// <summary>The schedule of the authors' code: from 1,000 with γ = 0.000025 and power 35 to 0.</summary>
    public static FallingLambda PublishedSchedule { get; } = new(1000, 0.000025, 35, 0);

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "l-softmax",
        "Softmax with the own class's angle multiplied, nothing normalised (L-Softmax, Liu et al. 2016).",
        NeedsIdentityBatches: false,
        [.. Parameters(PublishedSchedule, DefaultMargin), .. ClassLayer.Parameters],
        (arguments, context) => new MarginSoftmaxObjective(
            "l-softmax",
            new LSoftmaxLogit(arguments.Whole("margin"), ScheduleOf(arguments)),
            ClassLayer.Create(arguments, context, closedForm: false),
            LogitScale.None));

    /// <inheritdoc/>
    public override bool NormalisesEmbeddings => false;

    /// <inheritdoc/>
    public override bool NormalisesCentres => false;
}
