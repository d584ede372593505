using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// How far apart random points of a sphere are: q(d) ∝ dⁿ⁻²·(1 − d²/4)^((n−3)/2) for the unit sphere in n dimensions (Wu et al. 2017, "Sampling
/// Matters in Deep Embedding Learning", §4.1). The more dimensions, the nearer all distances are to √2.
/// </summary>
public static class SphereDistances
{
    /// <summary>The density of the distance between two points drawn uniformly.</summary>
    /// <param name="dimension">n, at least 2.</param>
    /// <param name="distance">d; outside (0, 2) the density is 0.</param>
    public static double Density(int dimension, double distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        return distance is <= 0 or >= 2 ? 0 : Math.Exp(LogDensity(dimension, distance));
    }

    // d²/4 has the Beta distribution with both parameters at (n − 1)/2, which gives the constant.
    private static double LogDensity(int n, double d) =>
        ((n - 2) * Math.Log(d)) + ((n - 3) / 2.0 * Math.Log((1 - (d / 2)) * (1 + (d / 2)))) - ((n - 2) * Math.Log(2)) - LogBeta((n - 1) / 2.0);

    private static double LogBeta(double a) => (2 * LogGamma(a)) - LogGamma(2 * a);

    private static double LogGamma(double x)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return tensor(x, ScalarType.Float64).lgamma().item<double>();
    }
}
