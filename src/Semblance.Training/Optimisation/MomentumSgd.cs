using Semblance.Training.Classes;
using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>
/// Stochastic gradient descent with momentum (Polyak 1964, in the form of Sutskever et al. 2013, eq. 3–4, with the rate outside the
/// velocity as all published recipes of this field assume): v ← µv + (g + λw), w ← w − ηv.
/// </summary>
public sealed class MomentumSgd : GradientOptimizer
{
    private readonly double _momentum;
    private readonly bool _nesterov;

    /// <summary>Creates the optimiser.</summary>
    /// <param name="groups">The parameter groups.</param>
    /// <param name="momentum">µ in [0, 1); 0.9 in all published recipes.</param>
    /// <param name="nesterov">True for Nesterov's variant: the step follows g + µv.</param>
    /// <param name="selfUpdating">Parts that update themselves by the same rule.</param>
    public MomentumSgd(
        IReadOnlyList<ParameterGroup> groups, double momentum = 0.9, bool nesterov = false, IReadOnlyList<SelfUpdatingPart>? selfUpdating = null)
        : base(groups)
    {
        (_momentum, _nesterov) = (momentum, nesterov);
        SelfUpdating = selfUpdating ?? [];
    }

    /// <inheritdoc/>
    protected override void Update(SelfUpdatingPart part, double rate, double gradientFactor)
    {
        ArgumentNullException.ThrowIfNull(part);
        part.Part.Update(new SgdStep(rate, _momentum, _nesterov, part.WeightDecay, gradientFactor));
    }

    /// <inheritdoc/>
    protected override void Update(string name, Tensor parameter, Tensor gradient, double rate, double weightDecay)
    {
        if (weightDecay != 0)
        {
            _ = gradient.add_(parameter, weightDecay);
        }

        if (_momentum == 0)
        {
            _ = parameter.add_(gradient, -rate);
            return;
        }

        Tensor velocity = StateFor("momentum", name, parameter);
        _ = velocity.mul_(_momentum).add_(gradient);
        if (_nesterov)
        {
            _ = parameter.add_(gradient.add_(velocity, _momentum), -rate);
        }
        else
        {
            _ = parameter.add_(velocity, -rate);
        }
    }
}
