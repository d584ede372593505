using Semblance.Training.Classes;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>
/// SphereFace (A-Softmax): ‖x‖·ψ(θ) with ψ(θ) = (−1)^k cos(mθ) − 2k, centres normalised and no bias (Liu et al. 2017, "SphereFace: Deep
/// Hypersphere Embedding for Face Recognition", eq. 7), annealed by λ (the paper's appendix G and the authors' code).
/// </summary>
public sealed class SphereFaceLogit : AnnealedAngleLogit
{
    /// <summary>The paper's m.</summary>
    public const int DefaultMargin = 4;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m, from 1 to 4.</param>
    /// <param name="lambda">How λ falls; <see cref="PublishedSchedule"/> where null.</param>
    public SphereFaceLogit(int margin = DefaultMargin, FallingLambda? lambda = null)
        : base("sphereface", margin, lambda ?? PublishedSchedule)
    {
    }

    /// <summary>The schedule of the authors' code: from 1,000 with γ = 0.12 and power 1 to 5.</summary>
    public static FallingLambda PublishedSchedule { get; } = new(1000, 0.12, 1, 5);

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "sphereface",
        "Softmax with the own class's angle multiplied, centres normalised (SphereFace, Liu et al. 2017).",
        NeedsIdentityBatches: false,
        [.. Parameters(PublishedSchedule, DefaultMargin), .. ClassLayer.Parameters],
        (arguments, context) => new MarginSoftmaxObjective(
            "sphereface",
            new SphereFaceLogit(arguments.Whole("margin"), ScheduleOf(arguments)),
            ClassLayer.Create(arguments, context),
            LogitScale.None));

    /// <inheritdoc/>
    public override bool NormalisesEmbeddings => false;

    /// <inheritdoc/>
    public override bool NormalisesCentres => true;
}
