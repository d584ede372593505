using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// The curve that L-Softmax and SphereFace share: (λ·cos θ + ψ(θ))/(1 + λ), with ψ the multiplied angle and λ falling with the training
/// steps. They differ by what is normalised. The number of steps is a buffer, "steps", so that a checkpoint holds it.
/// </summary>
public abstract class AnnealedAngleLogit : nn.Module, ITargetLogit, IBatchObserver, IAnnealed
{
    // Named as a checkpoint holds it.
    private readonly Tensor steps;
    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="margin">m, from 1 to 4.</param>
    /// <param name="lambda">How λ falls.</param>
    protected AnnealedAngleLogit(string name, int margin, FallingLambda lambda)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(margin, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, MultipliedAngle.LargestMargin);
        ArgumentNullException.ThrowIfNull(lambda);
        (Margin, Schedule) = (margin, lambda);
        steps = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>m.</summary>
    public int Margin { get; }

    /// <summary>How λ falls.</summary>
    public FallingLambda Schedule { get; }

    /// <summary>λ at the present step.</summary>
    public double Lambda => Schedule.At(steps.item<long>());

    /// <inheritdoc/>
    public abstract bool NormalisesEmbeddings { get; }

    /// <inheritdoc/>
    public abstract bool NormalisesCentres { get; }

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public void Observe(TargetColumn target)
    {
        using IDisposable noGradient = no_grad();
        steps.add_(1);
    }

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        if (Margin == 1)
        {
            return target.Cosine;
        }

        using DisposeScope scope = NewDisposeScope();
        double share = _fraction / (1 + Lambda);
        Tensor bent = (MultipliedAngle.Curve(target.Cosine, Margin) * share) + (target.Cosine * (1 - share));
        return bent.MoveToOuterDisposeScope();
    }

    /// <summary>The parameters of margin and schedule, with a paper's values as defaults.</summary>
    /// <param name="schedule">The published schedule.</param>
    /// <param name="margin">The published m.</param>
    private protected static IReadOnlyList<ObjectiveParameter> Parameters(FallingLambda schedule, int margin) =>
    [
        new WholeParameter("margin", margin, 1, MultipliedAngle.LargestMargin, "The factor m of the own class's angle; 1 is no margin."),
        new RealParameter("lambda_base", schedule.Base, 0, double.PositiveInfinity, "Where λ starts; λ = max(lambda_minimum, base·(1 + γ·step)^(−power)); 0 keeps λ at its minimum."),
        new RealParameter("lambda_gamma", schedule.Gamma, 0, double.PositiveInfinity, "γ of λ's schedule."),
        new RealParameter("lambda_power", schedule.Power, 0, double.PositiveInfinity, "The power of λ's schedule."),
        new RealParameter("lambda_minimum", schedule.Minimum, 0, double.PositiveInfinity, "Where λ ends; at 0 the margin holds in full."),
    ];

    /// <summary>The schedule that was asked for.</summary>
    /// <param name="arguments">Values of <see cref="Parameters"/>.</param>
    private protected static FallingLambda ScheduleOf(ObjectiveArguments arguments)
    {
        if (arguments.Whole("margin") == 1)
        {
            foreach (string name in new[] { "lambda_base", "lambda_gamma", "lambda_power", "lambda_minimum" })
            {
                arguments.RefuseIfGiven(name, "with a margin of 1");
            }
        }

        if (arguments.Real("lambda_base") == 0)
        {
            arguments.RefuseIfGiven("lambda_gamma", "with a lambda_base of 0");
            arguments.RefuseIfGiven("lambda_power", "with a lambda_base of 0");
        }

        return new FallingLambda(
            arguments.Real("lambda_base"), arguments.Real("lambda_gamma"), arguments.Real("lambda_power"), arguments.Real("lambda_minimum"));
    }
}
