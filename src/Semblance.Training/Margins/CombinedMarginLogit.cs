using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>Whose combined margin is computed.</summary>
public enum CombinedMarginVariant
{
    /// <summary>cos(m1·θ + m2) − m3 with its own slope, as the paper writes it and the authors' first code computes it.</summary>
    Paper,

    /// <summary>
    /// InsightFace's arcface_torch: with m3 above 0 it is cos θ − m3, m1 and m2 being ignored; else cos(θ + m2), whose slope is taken as 1
    /// (straight through), and m1 must be 1.
    /// </summary>
    ArcFaceTorch,
}

/// <summary>
/// The combined margin: ψ(θ) = cos(m1·θ + m2) − m3 (Deng et al. 2019, "ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
/// eq. 4), of which SphereFace (m1), ArcFace (m2) and CosFace (m3) are the single cases.
/// </summary>
public sealed class CombinedMarginLogit : ITargetLogit, IOtherLogits, IAnnealed
{
    // No cosine exceeds it.
    private const double NeverExceeded = 2;

    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="factor">m1, above 0: what the angle is multiplied by.</param>
    /// <param name="angleMargin">m2 in radians, in [0, π/2]: what is added to the angle.</param>
    /// <param name="cosineMargin">m3, at least 0: what is taken off the cosine.</param>
    /// <param name="variant">Whose combined margin.</param>
    /// <param name="filter">
    /// arcface_torch's inter-class filter: cosines of other classes above it count as 0, without a gradient, as those of one person under
    /// two labels would; 0 for none.
    /// </param>
    /// <exception cref="ArgumentException">A variant without a use of m1 is given one.</exception>
    public CombinedMarginLogit(
        double factor = 1, double angleMargin = 0.3, double cosineMargin = 0.2, CombinedMarginVariant variant = CombinedMarginVariant.Paper,
        double filter = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(filter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(filter, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfNegative(angleMargin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(angleMargin, Math.PI / 2);
        ArgumentOutOfRangeException.ThrowIfNegative(cosineMargin);
        if (variant == CombinedMarginVariant.ArcFaceTorch && cosineMargin == 0 && factor != 1)
        {
            throw new ArgumentException("arcface_torch has no combined margin with a factor other than 1.", nameof(factor));
        }

        (Factor, AngleMargin, CosineMargin, Variant, Filter) = (factor, angleMargin, cosineMargin, variant, filter);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "combined-margin",
        "Softmax over scaled cosines with cos(m1·θ + m2) − m3 at the own class (Deng et al. 2019, eq. 4).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", 64, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("factor", 1, 0, 4, "m1: what the own class's angle is multiplied by.", MinimumAllowed: false),
            new RealParameter("angle_margin", 0.3, 0, 1.57, "m2 in radians: what is added to the angle."),
            new RealParameter("cosine_margin", 0.2, 0, 1, "m3: what is taken off the cosine."),
            new ChoiceParameter<CombinedMarginVariant>(
                "variant", "paper", [("paper", CombinedMarginVariant.Paper), ("arcface-torch", CombinedMarginVariant.ArcFaceTorch)],
                "paper = the equation with its own slope; arcface-torch = InsightFace's: cos θ − m3 where m3 > 0, else cos(θ + m2) with slope 1."),
            new RealParameter("filter", 0, 0, 1, "arcface-torch's inter-class filter: cosines of other classes above it count as 0; 0 for none."),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <summary>m1.</summary>
    public double Factor { get; }

    /// <summary>m2 in radians.</summary>
    public double AngleMargin { get; }

    /// <summary>m3.</summary>
    public double CosineMargin { get; }

    /// <summary>Whose combined margin.</summary>
    public CombinedMarginVariant Variant { get; }

    /// <summary>Above which cosines of other classes count as 0; 0 for none.</summary>
    public double Filter { get; }

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
        if (Variant == CombinedMarginVariant.Paper)
        {
            return Curve(target.Cosine).MoveToOuterDisposeScope();
        }

        if (CosineMargin > 0)
        {
            return (target.Cosine - (_fraction * CosineMargin)).MoveToOuterDisposeScope();
        }

        Tensor shift;
        using (no_grad())
        {
            shift = AngleShift.Cosine(target.Cosine, _fraction * AngleMargin, BeyondPi.None) - target.Cosine;
        }

        return (target.Cosine + shift).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public OtherBend BendOthers(TargetColumn target)
    {
        ArgumentNullException.ThrowIfNull(target.Cosine);
        return new OtherBend(full_like(target.Cosine, Filter > 0 ? Filter : NeverExceeded), 0, 0, 0, 0, 0);
    }

    private Tensor Curve(Tensor cosine)
    {
        if (Factor == 1)
        {
            return AngleShift.Cosine(cosine, _fraction * AngleMargin, BeyondPi.None) - (_fraction * CosineMargin);
        }

        // A factor cannot be shrunk without moving the whole curve: the eased curve lies between cos θ and the full one.
        Tensor full = ((CosineBound.Clamp(cosine).acos() * Factor) + AngleMargin).cos() - CosineMargin;
        return _fraction == 1 ? full : (full * _fraction) + (cosine * (1 - _fraction));
    }

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        CombinedMarginVariant variant = arguments.Choice<CombinedMarginVariant>("variant");
        if (variant == CombinedMarginVariant.Paper && arguments.Real("filter") > 0)
        {
            arguments.RefuseIfGiven("filter", "with variant 'paper'");
        }
        else if (variant == CombinedMarginVariant.ArcFaceTorch)
        {
            arguments.RefuseIfGiven("factor", "with variant 'arcface-torch', which knows m1 = 1 only");
            if (arguments.Real("cosine_margin") > 0)
            {
                arguments.RefuseIfGiven("angle_margin", "with variant 'arcface-torch' and a cosine_margin above 0");
            }
        }

        return new MarginSoftmaxObjective(
            "combined-margin",
            new CombinedMarginLogit(arguments.Real("factor"), arguments.Real("angle_margin"), arguments.Real("cosine_margin"), variant, arguments.Real("filter")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale")));
    }
}
