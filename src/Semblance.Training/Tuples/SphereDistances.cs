using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// How far apart random points of a sphere are: q(d) ∝ dⁿ⁻²·(1 − d²/4)^((n−3)/2) for two points drawn uniformly from the unit sphere in n
/// dimensions (Wu, Manmatha, Smola and Krähenbühl 2017, "Sampling Matters in Deep Embedding Learning", §4.1). The more dimensions, the
/// nearer all distances are to √2.
/// </summary>
public static class SphereDistances
{
    /// <summary>The smallest number of dimensions in which the sphere is more than two points.</summary>
    public const int SmallestDimension = 2;

    /// <summary>The density; it integrates to 1 over (0, 2).</summary>
    /// <param name="dimension">n, at least 2.</param>
    /// <param name="distance">d; outside (0, 2) the density is 0.</param>
    public static double Density(int dimension, double distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, SmallestDimension);
        if (distance is not (> 0 and < 2))
        {
            return 0;
        }

        // d²/4 has the Beta distribution with both parameters at (n − 1)/2, which gives the constant.
        double logBeta = (2 * LogGamma((dimension - 1) / 2.0)) - LogGamma(dimension - 1);
        return Math.Exp(-LogInverse(dimension, distance) - ((dimension - 2) * Math.Log(2)) - logBeta);
    }

    /// <summary>−((n − 2)·ln d + (n − 3)/2·ln(1 − d²/4)): ln 1/q(d) up to the constant.</summary>
    /// <param name="dimension">n, at least 2.</param>
    /// <param name="distance">d, in (0, 2].</param>
    /// <returns>Infinite at d = 2, minus infinity there for n = 2.</returns>
    public static double LogInverse(int dimension, double distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, SmallestDimension);
        double far = dimension == 3 ? 0 : (dimension - 3) / 2.0 * Math.Log(Math.Max(0, (1 - (distance / 2)) * (1 + (distance / 2))));
        return -((dimension - 2) * Math.Log(distance)) - far;
    }

    /// <summary>The same for many distances, outside the graph.</summary>
    /// <param name="dimension">n, at least 2.</param>
    /// <param name="distances">Any shape, above 0; what rounding puts beyond 2 counts as 2.</param>
    /// <returns>The same shape; owned by the caller's dispose scope.</returns>
    public static Tensor LogInverse(int dimension, Tensor distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, SmallestDimension);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor near = distances.detach().log().mul_(2 - dimension);
        if (dimension != 3)
        {
            Tensor half = distances.detach() * 0.5;
            // (1 − d/2)(1 + d/2) keeps the digits that 1 − d²/4 loses near d = 2.
            near.sub_((1 - half).mul_(half.add_(1)).clamp_min_(0).log_().mul_((dimension - 3) / 2.0));
        }

        return near.MoveToOuterDisposeScope();
    }

    private static double LogGamma(double x)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor(x, ScalarType.Float64).lgamma().item<double>();
    }
}
