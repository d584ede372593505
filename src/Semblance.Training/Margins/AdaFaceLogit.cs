using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>Which numerical guards AdaFace has.</summary>
public enum AdaFaceGuards
{
    /// <summary>Those of the authors' code: ε = 0.001 added to σ; cosines, of all classes, within ±(1 − ε); θ + g_angle within [ε, π − ε]; norms within [0.001, 100].</summary>
    AuthorsCode,

    /// <summary>None, the paper's equations as written: cos(θ + g_angle) rises again past π.</summary>
    None,
}

/// <summary>
/// AdaFace: ψ(θ) = cos(θ + g_angle) − g_add with g_angle = −m·ẑ and g_add = m·ẑ + m (Kim, Jain, Liu 2022, "AdaFace: Quality Adaptive Margin
/// for Face Recognition", eq. 15–18). ẑ = clip((‖x‖ − μ)/(σ/h), −1, 1) stands for the photo's quality; no gradient passes through it. At
/// ẑ = −1 the curve is ArcFace's, at 0 CosFace's. μ and σ are running means of the batches' mean norm and deviation, kept in buffers.
/// </summary>
public sealed class AdaFaceLogit : nn.Module, ITargetLogit, IOtherLogits, IBatchObserver, IAnnealed
{
    /// <summary>ε of the authors' code: added to σ, and the angle is kept within [ε, π − ε].</summary>
    public const double Epsilon = 1e-3;

    /// <summary>The share of a new batch in the running means, as the paper states it (α = 0.99).</summary>
    public const double PaperRate = 0.99;

    /// <summary>The share of a new batch in the authors' training code.</summary>
    public const double AuthorsRate = 0.01;

    private static readonly (double Lowest, double Highest) NormRange = (1e-3, 100);

    // Named as a checkpoint holds them.
    private readonly Tensor mean_norm;
    private readonly Tensor norm_deviation;
    private double _fraction = 1;

    /// <summary>Creates the curve; the running means start at 20 and 100, as in the authors' code.</summary>
    /// <param name="margin">m, in [0, 1].</param>
    /// <param name="concentration">h, above 0: a photo σ/h off the mean norm has ẑ = ±1.</param>
    /// <param name="statisticsRate">The share of a new batch in the running means, in [0, 1].</param>
    /// <param name="guards">Which numerical guards there are.</param>
    public AdaFaceLogit(
        double margin = 0.4, double concentration = 0.333, double statisticsRate = PaperRate, AdaFaceGuards guards = AdaFaceGuards.AuthorsCode)
        : base("adaface")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(concentration);
        ArgumentOutOfRangeException.ThrowIfNegative(statisticsRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statisticsRate, 1);
        (Margin, Concentration, StatisticsRate, Guards) = (margin, concentration, statisticsRate, guards);
        mean_norm = full(1, 20f);
        norm_deviation = full(1, 100f);
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "adaface",
        "A margin that leans on the embedding's norm: hard photos count where quality is high, easy ones where it is low (AdaFace, Kim et al. 2022).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", 64, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", 0.4, 0, 1, "The margin m."),
            new RealParameter("concentration", 0.333, 0, 10, "h: a norm σ/h off the mean counts as the best or worst quality.", MinimumAllowed: false),
            new RealParameter(
                "statistics_rate", PaperRate, 0, 1,
                "The share of a new batch in the running mean and deviation of norms: 0.99 as the paper states α, 0.01 in the authors' training code."),
            new ChoiceParameter<AdaFaceGuards>(
                "guards", "authors-code", [("authors-code", AdaFaceGuards.AuthorsCode), ("none", AdaFaceGuards.None)],
                "authors-code = σ + 0.001, cosines within ±0.999, θ + g_angle within [0.001, π − 0.001]; none = the equations as written."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "adaface",
            new AdaFaceLogit(arguments.Real("margin"), arguments.Real("concentration"), arguments.Real("statistics_rate"), arguments.Choice<AdaFaceGuards>("guards")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <summary>h.</summary>
    public double Concentration { get; }

    /// <summary>The share of a new batch in the running means.</summary>
    public double StatisticsRate { get; }

    /// <summary>Which numerical guards there are.</summary>
    public AdaFaceGuards Guards { get; }

    /// <summary>[1]: μ, the running mean of norms.</summary>
    public Tensor MeanNorm => mean_norm;

    /// <summary>[1]: σ, the running standard deviation of norms.</summary>
    public Tensor NormDeviation => norm_deviation;

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
        using DisposeScope scope = NewDisposeScope();
        Tensor norms = Held(target);
        mean_norm.mul_(1 - StatisticsRate).add_(norms.mean(), StatisticsRate);
        // One norm has no deviation.
        if (norms.shape[0] > 1)
        {
            norm_deviation.mul_(1 - StatisticsRate).add_(norms.std(unbiased: true), StatisticsRate);
        }
    }

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor shift, lowering, theta;
        bool guarded = Guards == AdaFaceGuards.AuthorsCode;
        Tensor cosine = guarded ? target.Cosine.clamp(-1 + Epsilon, 1 - Epsilon) : CosineBound.Clamp(target.Cosine);
        using (no_grad())
        {
            double m = _fraction * Margin;
            Tensor quality = ((Held(target) - mean_norm) / Spread() * Concentration).clamp(-1, 1);
            shift = quality * -m;
            lowering = (quality * m) + m;
            theta = cosine.acos() + shift;
        }

        // cos(θ + g) by the addition theorem: its slope needs no arccosine. Held where θ + g leaves [ε, π − ε].
        Tensor bent = (cosine * shift.cos()) - (CosineBound.Sine(cosine) * shift.sin());
        if (guarded)
        {
            bent = where(theta.lt(Epsilon), full_like(bent, Math.Cos(Epsilon)), bent);
            bent = where(theta.gt(Math.PI - Epsilon), full_like(bent, Math.Cos(Math.PI - Epsilon)), bent);
        }

        return (bent - lowering).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public OtherBend BendOthers(TargetColumn target)
    {
        ArgumentNullException.ThrowIfNull(target.Cosine);
        const double Bound = 1 - Epsilon;
        return new OtherBend(full_like(target.Cosine, Guards == AdaFaceGuards.AuthorsCode ? Bound : 2), 0, 0, Bound, 0, 0);
    }

    // Without guards a deviation of 0 would give 0/0 for equal norms.
    private Tensor Spread() => Guards == AdaFaceGuards.AuthorsCode ? norm_deviation + Epsilon : norm_deviation.clamp_min(UnitRows.SmallestNorm);

    private Tensor Held(TargetColumn target) => Guards == AdaFaceGuards.AuthorsCode
        ? target.EmbeddingNorms.detach().clamp(NormRange.Lowest, NormRange.Highest)
        : target.EmbeddingNorms.detach();
}
