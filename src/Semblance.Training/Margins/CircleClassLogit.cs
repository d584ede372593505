using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// Circle loss with class-level labels (Sun et al. 2020, "Circle Loss: A Unified Perspective of Pair Similarity Optimization", eq. 4–8):
/// cross-entropy over γ·α_p·(s_p − Δ_p) for the own class and γ·α_n·(s_n − Δ_n) for the others, with α_p = [1 + m − s_p]₊, α_n = [s_n + m]₊,
/// Δ_p = 1 − m, Δ_n = m. The weights α count as constants in the gradient.
/// </summary>
public sealed class CircleClassLogit : ITargetLogit, IOtherLogits
{
    /// <summary>The paper's relaxation m for faces.</summary>
    public const double DefaultMargin = 0.25;

    /// <summary>The paper's γ for faces.</summary>
    public const double DefaultScale = 256;

    private readonly bool _trueGradient;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m in [0, 1].</param>
    /// <param name="trueGradient">Whether α is differentiated too.</param>
    public CircleClassLogit(double margin = DefaultMargin, bool trueGradient = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, 1);
        (Margin, _trueGradient) = (margin, trueGradient);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "circle-class",
        "Circle loss over class centres: each similarity weighted by how far it is from its goal (Sun et al. 2020).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale γ of the logits.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1, "The relaxation m: own similarities are to pass 1 − m, others to stay below m."),
            new ChoiceParameter<bool>(
                "gradient", "published", [("published", false), ("true", true)],
                "published = the weights α count as constants, as in the paper; true = they are differentiated too."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "circle-class",
            new CircleClassLogit(arguments.Real("margin"), arguments.Choice<bool>("gradient")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = (1 + Margin - (_trueGradient ? target.Cosine : target.Cosine.detach())).clamp_min(0);
        return (weight * (target.Cosine - (1 - Margin))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public OtherBend BendOthers(TargetColumn target)
    {
        (double linear, double constant) = _trueGradient ? (2, 0) : (1, Margin);
        return new OtherBend(full_like(target.Cosine, -Margin), 1, 0, -Margin * Margin, linear, constant) { ZeroBelow = true };
    }
}
