using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// CurricularFace (Huang et al. 2020, "CurricularFace: Adaptive Curriculum Learning Loss for Deep Face Recognition", its modulation N(t, cos θ) and the running mean t): ArcFace's
/// target, while the cosine c of a class that is harder than it, c > cos(θ_y + m), becomes c·(t + c). t is the running mean of the batch's
/// target cosines, so that hard classes count little at first and more the better the embeddings get. t is a buffer, "t".
/// </summary>
public sealed class CurricularFaceLogit : nn.Module, ITargetLogit, IBatchObserver, IOtherLogits, IAnnealed
{
    /// <summary>The weight of a new batch in t. The paper's text says 0.99, its code 0.01; the author names the code right.</summary>
    public const double DefaultRate = 0.01;

    // Named as a checkpoint holds it.
    private readonly Tensor t;
    private readonly double _rate;
    private double _fraction = 1;

    /// <summary>Creates the curve with t = 0.</summary>
    /// <param name="margin">m in radians, in [0, π/2].</param>
    /// <param name="beyondPi">What holds where θ + m passes π; the paper has <see cref="BeyondPi.None"/>, its code <see cref="BeyondPi.Linear"/>.</param>
    /// <param name="rate">The weight of a new batch in t, in (0, 1].</param>
    public CurricularFaceLogit(double margin = ArcFaceLogit.DefaultMargin, BeyondPi beyondPi = BeyondPi.Linear, double rate = DefaultRate)
        : base("curricularface")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, Math.PI / 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        (Margin, Treatment, _rate) = (margin, beyondPi, rate);
        t = zeros(1, ScalarType.Float32);
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "curricularface",
        "ArcFace whose harder classes are weighted by a curriculum (CurricularFace, Huang et al. 2020).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", ArcFaceLogit.DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", ArcFaceLogit.DefaultMargin, 0, 1.57, "The margin m in radians that is added to the angle of the own class."),
            new ChoiceParameter<BeyondPi>(
                "beyond_pi", "linear", [("linear", BeyondPi.Linear), ("none", BeyondPi.None)],
                "Where θ + m passes π: linear = cos θ − m sin m, as in the authors' code; none = cos(θ + m) throughout, as in the paper."),
            new RealParameter("rate", DefaultRate, 0, 1, "The weight of a new batch in t, the running mean of target cosines.", MinimumAllowed: false),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "curricularface",
            new CurricularFaceLogit(arguments.Real("margin"), arguments.Choice<BeyondPi>("beyond_pi"), arguments.Real("rate")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));

    /// <summary>m in radians.</summary>
    public double Margin { get; }

    /// <summary>What holds where θ + m passes π.</summary>
    public BeyondPi Treatment { get; }

    /// <summary>t, the running mean of target cosines.</summary>
    public double Progress
    {
        get => t.to_type(ScalarType.Float64).item<double>();
        set
        {
            using IDisposable noGradient = no_grad();
            _ = t.fill_(value);
        }
    }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public void Observe(TargetColumn target)
    {
        using IDisposable noGradient = no_grad();
        using Tensor mean = target.Cosine.detach().mean();
        _ = t.mul_(1 - _rate).add_(mean, _rate);
    }

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => AngleShift.Cosine(target.Cosine, _fraction * Margin, Treatment);

    /// <inheritdoc/>
    public OtherBend BendOthers(TargetColumn target) =>
        // Hard is what exceeds cos(θ + m) itself, also where the target goes on otherwise past π.
        new(AngleShift.Cosine(target.Cosine, _fraction * Margin, BeyondPi.None), 1, Progress, 0, 2, Progress);
}
