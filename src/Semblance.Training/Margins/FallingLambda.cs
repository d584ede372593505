using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// λ of the annealed target logit (λ·cos θ + ψ(θ))/(1 + λ), which lets L-Softmax and SphereFace start as softmax: λ = max(λ_min,
/// base·(1 + γ·step)^(−power)), the schedule of the authors' Caffe layers; the first step counts as 1. A base of 0 leaves λ at its minimum.
/// </summary>
/// <param name="Base">Where λ starts; at least 0.</param>
/// <param name="Gamma">γ; at least 0.</param>
/// <param name="Power">The power; at least 0.</param>
/// <param name="Minimum">λ_min; at least 0. At 0 the margin holds in full in the end.</param>
public sealed record FallingLambda(double Base, double Gamma, double Power, double Minimum)
{
    /// <summary>No annealing: λ = 0.</summary>
    public static FallingLambda None { get; } = Constant(0);

    /// <summary>The same λ throughout.</summary>
    /// <param name="lambda">λ, at least 0.</param>
    public static FallingLambda Constant(double lambda) => new(0, 0, 0, lambda);

    /// <summary>λ at a step.</summary>
    /// <param name="step">The training step, counted from 1; 0 before training.</param>
    public double At(long step) => Math.Max(Minimum, Base * Math.Pow(1 + (Gamma * step), -Power));
}
