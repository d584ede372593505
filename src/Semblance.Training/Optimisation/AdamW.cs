using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): the decay multiplies the weight by 1 − ηλ and stays out of the moments.</summary>
public sealed class AdamW : GradientOptimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;

    /// <summary>Creates the optimiser.</summary>
    /// <param name="groups">The parameter groups.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    public AdamW(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups)
    {
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
    }

    /// <inheritdoc/>
    protected override void Update(string name, Tensor parameter, Tensor gradient, double rate, double weightDecay)
    {
        if (weightDecay != 0)
        {
            _ = parameter.mul_(1 - (rate * weightDecay));
        }

        Tensor first = StateFor("moment1", name, parameter);
        Tensor second = StateFor("moment2", name, parameter);
        _ = first.mul_(_beta1).add_(gradient, 1 - _beta1);
        _ = second.mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        double correction1 = 1 - Math.Pow(_beta1, Steps);
        double correction2 = Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        Tensor denominator = second.sqrt().div_(correction2).add_(_epsilon);
        _ = parameter.addcdiv_(first, denominator, -rate / correction1);
    }
}
