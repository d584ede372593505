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
    public static double Clip(IEnumerable<Tensor> parameters, double bound)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        double norm = Common(gradients);
        if (norm > bound && double.IsFinite(norm))
        {
            foreach (Tensor gradient in gradients)
            {
                _ = gradient.mul_(bound / norm);
            }
        }

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
        return Common([.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()]);
    }

    private static double Common(Tensor[] gradients) => gradients.Length == 0
        ? 0
        : stack(gradients.Select(gradient => gradient.norm())).norm().to(ScalarType.Float64).item<double>();
}
