using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// CosFace: ψ(θ) = cos θ − m (Wang et al. 2018, "CosFace: Large Margin Cosine Loss for Deep Face Recognition", eq. 4); the same curve as
/// AM-Softmax (Wang et al. 2018, "Additive Margin Softmax for Face Verification").
/// </summary>
public sealed class CosFaceLogit : ITargetLogit, IAnnealed
{
    /// <summary>The paper's margin.</summary>
    public const double DefaultMargin = 0.35;

    /// <summary>The paper's scale.</summary>
    public const double DefaultScale = 64;

    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m, in [0, 2): what a cosine must exceed the others by.</param>
    public CosFaceLogit(double margin = DefaultMargin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        Margin = margin;
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "cosface",
        "Softmax over scaled cosines with a margin off the own class's cosine (CosFace, Wang et al. 2018; AM-Softmax).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1, "The margin m that is taken off the cosine of the own class."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "cosface",
            new CosFaceLogit(arguments.Real("margin")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine - (_fraction * Margin);
}
