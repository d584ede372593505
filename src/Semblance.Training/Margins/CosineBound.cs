using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>Keeps a cosine inside (−1, 1), where the sine and the angle have finite slopes.</summary>
public static class CosineBound
{
    /// <summary>Distance from ±1 in float32; the next float32 below 1 is 6e-8 away.</summary>
    public const double Float32 = 1e-7;

    /// <summary>Distance from ±1 in float64; the next float64 below 1 is 1.1e-16 away.</summary>
    public const double Float64 = 1e-15;

    /// <summary>The cosine clamped inside ±(1 − ε), ε by dtype. Beyond, the gradient is zero.</summary>
    /// <param name="cosine">float32 or float64.</param>
    /// <returns>A tensor of the same shape, attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Clamp(Tensor cosine)
    {
        ArgumentNullException.ThrowIfNull(cosine);
        double bound = 1 - (cosine.dtype == ScalarType.Float64 ? Float64 : Float32);
        return cosine.clamp(-bound, bound);
    }

    /// <summary>sin θ from a clamped cosine, as √((1 − cos)(1 + cos)), which keeps more digits near 1 than 1 − cos².</summary>
    /// <param name="cosine">A cosine from <see cref="Clamp"/>.</param>
    /// <returns>A tensor of the same shape, above 0; owned by the caller's dispose scope.</returns>
    public static Tensor Sine(Tensor cosine)
    {
        ArgumentNullException.ThrowIfNull(cosine);
        using DisposeScope scope = NewDisposeScope();
        return ((1 - cosine) * (1 + cosine)).sqrt().MoveToOuterDisposeScope();
    }
}
