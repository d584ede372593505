using System.Globalization;
using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// MagFace: ψ(θ) = cos(θ + m(a)) with a margin that grows with the embedding's norm a, and a penalty λ_g·g(a) that draws norms up (Meng et
/// al. 2021, "MagFace: A Universal Representation for Face Recognition and Quality Assessment", eq. 3 and §3.3): m(a) = (u_m − l_m)/(u_a − l_a)·(a −
/// l_a) + l_m and g(a) = a/u_a² + 1/a, with a held within [l_a, u_a], where no gradient reaches it from outside. The margin is
/// differentiated through the norm, so that an easy photo gets a long embedding: the norm measures quality.
/// </summary>
public sealed class MagFaceLogit : ITargetLogit, IPenalisedCurve, IAnnealed
{
    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="norms">l_a and u_a: the norms between which the margin grows.</param>
    /// <param name="margins">l_m and u_m in radians, within [0, π/2]: the margins at these norms.</param>
    /// <param name="penaltyWeight">λ_g, at least 0.</param>
    /// <param name="beyondPi">What holds where θ + m passes π; the paper does nothing there.</param>
    public MagFaceLogit(
        (double Lowest, double Highest)? norms = null, (double Lowest, double Highest)? margins = null, double penaltyWeight = 35,
        BeyondPi beyondPi = BeyondPi.None)
    {
        (Norms, Margins, PenaltyWeight, Treatment) = (norms ?? (10, 110), margins ?? (0.45, 0.8), penaltyWeight, beyondPi);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Norms.Lowest, nameof(norms));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Norms.Highest, Norms.Lowest, nameof(norms));
        ArgumentOutOfRangeException.ThrowIfNegative(Margins.Lowest, nameof(margins));
        ArgumentOutOfRangeException.ThrowIfLessThan(Margins.Highest, Margins.Lowest, nameof(margins));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Margins.Highest, Math.PI / 2, nameof(margins));
        ArgumentOutOfRangeException.ThrowIfNegative(penaltyWeight);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "magface",
        "ArcFace with a margin that grows with the embedding's norm, and a penalty that draws norms up (MagFace, Meng et al. 2021).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", 64, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("lowest_norm", 10, 0, double.PositiveInfinity, "l_a: the norm at and below which the margin is lowest.", MinimumAllowed: false),
            new RealParameter("highest_norm", 110, 0, double.PositiveInfinity, "u_a: the norm at and above which the margin is highest.", MinimumAllowed: false),
            new RealParameter("lowest_margin", 0.45, 0, 1.57, "l_m in radians: the margin at l_a."),
            new RealParameter("highest_margin", 0.8, 0, 1.57, "u_m in radians: the margin at u_a."),
            new RealParameter("penalty_weight", 35, 0, double.PositiveInfinity, "λ_g: the weight of the penalty g(a) = a/u_a² + 1/a."),
            BeyondPiParameter.Create("none"),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <summary>l_a and u_a.</summary>
    public (double Lowest, double Highest) Norms { get; }

    /// <summary>l_m and u_m in radians.</summary>
    public (double Lowest, double Highest) Margins { get; }

    /// <summary>λ_g.</summary>
    public double PenaltyWeight { get; }

    /// <summary>What holds where θ + m passes π.</summary>
    public BeyondPi Treatment { get; }

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
        double slope = (Margins.Highest - Margins.Lowest) / (Norms.Highest - Norms.Lowest);
        Tensor margin = ((Held(target) - Norms.Lowest) * slope) + Margins.Lowest;
        return AngleShift.Cosine(target.Cosine, margin * _fraction, Treatment).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Penalty(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = Held(target);
        return (((a / (Norms.Highest * Norms.Highest)) + a.reciprocal()) * PenaltyWeight).MoveToOuterDisposeScope();
    }

    private Tensor Held(TargetColumn target) => target.EmbeddingNorms.clamp(Norms.Lowest, Norms.Highest);

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        (double Lowest, double Highest) norms = (arguments.Real("lowest_norm"), arguments.Real("highest_norm"));
        (double Lowest, double Highest) margins = (arguments.Real("lowest_margin"), arguments.Real("highest_margin"));
        if (norms.Highest <= norms.Lowest || margins.Highest < margins.Lowest)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"The objective 'magface' has norms from {norms.Lowest} to {norms.Highest} and margins from {margins.Lowest} to {margins.Highest}; the highest norm must lie above the lowest, the highest margin not below the lowest."));
        }

        return new MarginSoftmaxObjective(
            "magface",
            new MagFaceLogit(norms, margins, arguments.Real("penalty_weight"), arguments.Choice<BeyondPi>("beyond_pi")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale")));
    }
}
