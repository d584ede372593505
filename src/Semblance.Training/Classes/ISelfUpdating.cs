namespace Semblance.Training.Classes;

/// <summary>
/// A part of an objective that updates its weights itself, by momentum SGD with weight decay as
/// <see cref="Optimisation.MomentumSgd"/> does it, instead of handing a gradient of their size to an optimiser. Weights and momentum are
/// buffers, so that a checkpoint holds them and no optimiser sees them. Between two updates there is one evaluation with its
/// back-propagation; without one an update changes nothing.
/// </summary>
public interface ISelfUpdating
{
    /// <summary>The square of the Euclidean norm of the gradient last back-propagated, for clipping by the common norm; 0 without one.</summary>
    double SquaredGradientNorm();

    /// <summary>Makes the update: v ← µv + (f·g + λw), w ← w − ηv, or w ← w − η(f·g + λw + µv) with Nesterov's variant.</summary>
    /// <param name="step">Its constants.</param>
    void Update(SgdStep step);
}

/// <summary>The constants of one step of momentum SGD.</summary>
/// <param name="Rate">The learning rate η.</param>
/// <param name="Momentum">µ in [0, 1).</param>
/// <param name="Nesterov">Whether Nesterov's variant is taken.</param>
/// <param name="WeightDecay">λ, at least 0.</param>
/// <param name="GradientFactor">f: what clipping multiplies the gradient by; 1 for no clipping.</param>
public readonly record struct SgdStep(double Rate, double Momentum, bool Nesterov, double WeightDecay, double GradientFactor = 1);
