using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Export;

/// <summary>
/// A convolution's or linear layer's weights with the batch norm behind it multiplied in, in float64: with s = γ / √(σ² + ε), W′ = s·W and
/// b′ = s·(b − μ) + β. Exact, since nothing (no padding, no activation) lies between the two.
/// </summary>
/// <param name="Weight">Row-major, one row per output channel.</param>
/// <param name="Bias">One value per output channel, or null where there is none.</param>
internal sealed record FoldedWeights(double[] Weight, double[]? Bias)
{
    /// <summary>Folds.</summary>
    /// <param name="weight">[outputs × …].</param>
    /// <param name="bias">[outputs] or null.</param>
    /// <param name="norm">The batch norm directly behind, or null.</param>
    /// <param name="scale">A constant factor on the whole output.</param>
    public static FoldedWeights Of(Tensor weight, Tensor? bias, NormBase? norm, double scale)
    {
        double[] w = ToDoubles(weight);
        double[]? b = bias is null ? null : ToDoubles(bias);
        int outputs = checked((int)weight.shape[0]);
        double[] factors = new double[outputs];
        Array.Fill(factors, scale);
        if (norm is not null)
        {
            (double[] factor, double[] shift) = Affine(norm);
            b ??= new double[outputs];
            for (int o = 0; o < outputs; o++)
            {
                factors[o] *= factor[o];
                b[o] = scale * ((b[o] * factor[o]) + shift[o]);
            }
        }
        else if (b is not null)
        {
            for (int o = 0; o < outputs; o++)
            {
                b[o] *= scale;
            }
        }

        int row = w.Length / outputs;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= factors[i / row];
        }

        return new FoldedWeights(w, b);
    }

    /// <summary>A tensor's values in row-major order.</summary>
    /// <param name="tensor">Any floating tensor.</param>
    public static double[] ToDoubles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    // A batch norm in evaluation mode is x · factor + shift.
    private static (double[] Factor, double[] Shift) Affine(NormBase norm)
    {
        double[] mean = ToDoubles(norm.running_mean!);
        double[] variance = ToDoubles(norm.running_var!);
        double[] gamma = ToDoubles(norm.weight);
        double[] beta = ToDoubles(norm.bias!);
        double[] factor = new double[mean.Length];
        double[] shift = new double[mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            factor[i] = gamma[i] / Math.Sqrt(variance[i] + norm.eps);
            shift[i] = beta[i] - (mean[i] * factor[i]);
        }

        return (factor, shift);
    }
}
