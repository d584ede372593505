using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// ArcFace: ψ(θ) = cos(θ + m) (Deng et al. 2019, "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", eq. 3). cos(θ + m) rises
/// again once θ + m passes π; the implementations in use part there (<see cref="BeyondPi"/>), and in the gradient
/// (<see cref="MarginGradient"/>).
/// </summary>
public sealed class ArcFaceLogit : ITargetLogit, IAnnealed
{
    /// <summary>The paper's margin in radians.</summary>
    public const double DefaultMargin = 0.5;

    /// <summary>The paper's scale.</summary>
    public const double DefaultScale = 64;

    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m in radians, in [0, π/2].</param>
    /// <param name="beyondPi">What holds where θ + m passes π.</param>
    /// <param name="gradient">What is handed back through the curve.</param>
    public ArcFaceLogit(double margin = DefaultMargin, BeyondPi beyondPi = BeyondPi.Linear, MarginGradient gradient = MarginGradient.True)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, Math.PI / 2);
        (Margin, Treatment, Gradient) = (margin, beyondPi, gradient);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "arcface",
        "Softmax over scaled cosines with a margin added to the own class's angle (ArcFace, Deng et al. 2019).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1.57, "The margin m in radians that is added to the angle of the own class."),
            BeyondPiParameter.Create("linear"),
            new ChoiceParameter<MarginGradient>(
                "gradient", "true",
                [("true", MarginGradient.True), ("straight-through", MarginGradient.StraightThrough)],
                "true = the curve's own slope; straight-through = slope 1, as in the code behind the published large-scale results."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "arcface",
            new ArcFaceLogit(arguments.Real("margin"), arguments.Choice<BeyondPi>("beyond_pi"), arguments.Choice<MarginGradient>("gradient")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));

    /// <summary>m in radians.</summary>
    public double Margin { get; }

    /// <summary>What holds where θ + m passes π.</summary>
    public BeyondPi Treatment { get; }

    /// <summary>What is handed back through the curve.</summary>
    public MarginGradient Gradient { get; }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        if (Gradient == MarginGradient.True)
        {
            return Curve(target.Cosine).MoveToOuterDisposeScope();
        }

        Tensor shift;
        using (no_grad())
        {
            shift = Curve(target.Cosine) - target.Cosine;
        }

        return (target.Cosine + shift).MoveToOuterDisposeScope();
    }

    private Tensor Curve(Tensor cosine) => AngleShift.Cosine(cosine, _fraction * Margin, Treatment);
}
