using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>Clips gradients by their common norm (Pascanu, Mikolov and Bengio 2013, algorithm 1).</summary>
public static class GradientNorm
{
    /// <summary>Scales all gradients down together where their common Euclidean norm exceeds a bound.</summary>
    /// <param name="parameters">The parameters; those without a gradient are passed over.</param>
    /// <param name="bound">The largest norm allowed, above 0.</param>
    /// <returns>The norm before clipping; not finite where a gradient is not, and then nothing is scaled.</returns>
    public static double Clip(IEnumerable<Tensor> parameters, double bound) => Clip(parameters, bound, 0, out _);

    /// <summary>The same for all that an optimiser updates, parts that update themselves included.</summary>
    /// <param name="optimizer">The optimiser; its next step takes the clipped gradients.</param>
    /// <param name="bound">The largest norm allowed, above 0.</param>
    /// <returns>The norm before clipping.</returns>
    public static double Clip(GradientOptimizer optimizer, double bound)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        double norm = Clip(optimizer.Parameters, bound, SquaredNormOfParts(optimizer), out double factor);
        optimizer.SelfUpdatingFactor = factor;
        return norm;
    }

    /// <summary>The common Euclidean norm of all gradients.</summary>
    /// <param name="parameters">The parameters; those without a gradient are passed over.</param>
    /// <returns>The norm; not finite where a gradient is not.</returns>
    public static double Of(IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Common([.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()], 0);
    }

    /// <summary>The same for all that an optimiser updates, parts that update themselves included.</summary>
    /// <param name="optimizer">The optimiser.</param>
    public static double Of(GradientOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        double ofParameters = Of(optimizer.Parameters);
        return Math.Sqrt((ofParameters * ofParameters) + SquaredNormOfParts(optimizer));
    }

    private static double Clip(IEnumerable<Tensor> parameters, double bound, double more, out double factor)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        double norm = Common(gradients, more);
        factor = norm > bound && double.IsFinite(norm) ? bound / norm : 1;
        if (factor != 1)
        {
            foreach (Tensor gradient in gradients)
            {
                _ = gradient.mul_(factor);
            }
        }

        return norm;
    }

    private static double SquaredNormOfParts(GradientOptimizer optimizer) => optimizer.SelfUpdating.Sum(part => part.Part.SquaredGradientNorm());

    private static double Common(Tensor[] gradients, double more)
    {
        double norm = gradients.Length == 0
            ? 0
            : stack(gradients.Select(gradient => gradient.norm())).norm().to(ScalarType.Float64).item<double>();
        return more == 0 ? norm : Math.Sqrt((norm * norm) + more);
    }
}
