using System.Numerics;
using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// UniFace (Zhou et al. 2023, "UniFace: Unified Cross-Entropy Loss for Deep Face Recognition"): each class is a yes-or-no question of its
/// own against one threshold b that all share, log(1 + exp(b − s·(cos θ_y − m))) + λ·Σ_{c≠y} log(1 + exp(s·cos θ_c − b)), so that own
/// similarities of all samples come to lie above those to other classes. b is learned.
/// </summary>
public sealed class UniFaceLogit : nn.Module, ITargetLogit, IRowPenalty, IAnnealed
{
    /// <summary>The authors' margin.</summary>
    public const double DefaultMargin = 0.4;

    /// <summary>The authors' scale.</summary>
    public const double DefaultScale = 64;

    // Named as a checkpoint holds it.
    private readonly Parameter bias;
    private double _fraction = 1;

    /// <summary>Creates the curve with b = ln(10·C·r).</summary>
    /// <param name="margin">m, in [0, 2).</param>
    /// <param name="negativeWeight">λ, at least 0.</param>
    /// <param name="competingClasses">C·r: the number of classes that take part in a step, at least 1.</param>
    public UniFaceLogit(double margin, double negativeWeight, double competingClasses)
        : base("uniface")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(negativeWeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(competingClasses, 1);
        (Margin, NegativeWeight) = (margin, negativeWeight);
        bias = nn.Parameter(tensor((float)Math.Log(10 * competingClasses)));
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "uniface",
        "A yes or no for each class against one learned threshold (UniFace, Zhou et al. 2023).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1, "The margin m that is taken off the cosine of the own class."),
            new RealParameter("negative_weight", 1, 0, double.PositiveInfinity, "λ: the weight of the other classes, to balance one own class against many."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) =>
        {
            double competing = Math.Max(1, ClassLayer.SampleRate(arguments) * context.ClassCount);
            return new MarginSoftmaxObjective(
                "uniface",
                new UniFaceLogit(arguments.Real("margin"), arguments.Real("negative_weight"), competing),
                ClassLayer.Create(arguments, context),
                new LogitScale(arguments.Real("scale")));
        });

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <summary>λ.</summary>
    public double NegativeWeight { get; }

    /// <summary>b, a scalar.</summary>
    public Parameter Offset => bias;

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine - (_fraction * Margin);

    /// <inheritdoc/>
    public double Evaluate<T>(LogitRow<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double own = double.CreateChecked((row.Values[row.Target] * row.Scale) - row.Offset);
        // Taken out of the sum over the others.
        row.Values[row.Target] = T.NegativeInfinity;
        double others = Softplus.SumAndSlopes(row.Values, row.Scale, row.Offset, T.CreateChecked(NegativeWeight));
        row.Values[row.Target] = T.CreateChecked(-Softplus.Slope(-own));
        return Softplus.Of(-own) + (NegativeWeight * others);
    }
}
