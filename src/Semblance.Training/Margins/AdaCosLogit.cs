using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// AdaCos (Zhang et al. 2019, "AdaCos: Adaptively Scaling Cosine Logits for Effectively Learning Deep Face Representations"): ψ(θ) = cos θ
/// without a margin, and a scale that needs no tuning. Fixed: s = √2·ln(C − 1). Dynamic: before each step
/// s ← ln B / cos(min(π/4, θ_med)), B being the batch mean of Σ exp(s·cos θ) over the other classes at the old s, θ_med the batch's median
/// angle to the own class; it starts at the fixed one. The scale is a buffer, "scale".
/// </summary>
public sealed class AdaCosLogit : nn.Module, ITargetLogit, IBatchScale
{
    // Named as a checkpoint holds it.
    private readonly Tensor scale;
    private readonly bool _dynamic;
    private readonly bool _averagesMedian;

    /// <summary>Creates the curve at the fixed scale.</summary>
    /// <param name="classCount">C; below 3, where √2·ln(C − 1) is not above 0, the scale is 1.</param>
    /// <param name="dynamic">Whether the scale follows the batches.</param>
    /// <param name="averagesMedian">For an even batch: true for the mean of the two middle angles, false for the smaller, as torch.median has it.</param>
    public AdaCosLogit(int classCount, bool dynamic = true, bool averagesMedian = false)
        : base("adacos")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        (_dynamic, _averagesMedian) = (dynamic, averagesMedian);
        // float64 for a number that feeds back into itself; kept so whatever the module is converted to.
        scale = tensor(new[] { FixedScale(classCount) });
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "adacos",
        "Softmax over cosines whose scale follows the batch, without a margin (AdaCos, Zhang et al. 2019).",
        NeedsIdentityBatches: false,
        [
            new ChoiceParameter<bool>("adaptation", "dynamic", [("dynamic", true), ("fixed", false)], "Whether the scale follows the batches or stays at √2·ln(C − 1)."),
            new ChoiceParameter<bool>(
                "median", "lower", [("lower", false), ("mean", true)],
                "The median angle of an even batch: the lower of the two in the middle, as in reference code, or their mean."),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <inheritdoc/>
    public double Scale
    {
        get => scale.to_type(ScalarType.Float64).item<double>();
    }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <summary>√2·ln(C − 1), or 1 for fewer than 3 classes.</summary>
    /// <param name="classCount">C, at least 1.</param>
    public static double FixedScale(int classCount) => classCount < 3 ? 1 : Math.Sqrt(2) * Math.Log(classCount - 1);

    /// <summary>Sets the scale, for example to go on from another run's.</summary>
    /// <param name="value">Above 0.</param>
    public void Set(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        using IDisposable noGradient = no_grad();
        _ = scale.fill_(value);
    }

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine;

    /// <inheritdoc/>
    public void Adapt(BatchCosines batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!_dynamic)
        {
            return;
        }

        double[] angles = [.. batch.Targets.Select(cosine => Math.Acos(Math.Clamp(cosine, -1, 1))).Order()];
        double lower = angles[(angles.Length - 1) / 2];
        double median = _averagesMedian ? (lower + angles[angles.Length / 2]) / 2 : lower;
        double next = batch.LogMeanOfOthers(Scale) / Math.Cos(Math.Min(Math.PI / 4, median));
        // With so few or such distant classes that B is 1 or less the formula gives no scale; the old one stays.
        if (next > 0 && double.IsFinite(next))
        {
            Set(next);
        }
    }

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        bool dynamic = arguments.Choice<bool>("adaptation");
        if (!dynamic)
        {
            arguments.RefuseIfGiven("median", "with a fixed scale");
        }

        return new MarginSoftmaxObjective(
            "adacos",
            new AdaCosLogit(context.ClassCount, dynamic, arguments.Choice<bool>("median")),
            ClassLayer.Create(arguments, context),
            LogitScale.None);
    }
}
