namespace Semblance.Data.Sampling;

/// <summary>
/// How likely each identity is to be drawn, from its number of images n: a plain shuffle draws it with p ∝ n, and on a long tail a few people
/// fill the batches. Kang et al. 2020 ("Decoupling Representation and Classifier", eq. 1) write p ∝ n^q: q = 1 is the shuffle, 1/2 the square
/// root, 0 class-balanced.
/// </summary>
public static class IdentityDistribution
{
    /// <summary>Each identity equally likely: p = 1/C.</summary>
    /// <param name="counts">Number of images of each identity, at least 1.</param>
    public static double[] ClassBalanced(IReadOnlyList<int> counts) => Normalised(counts, _ => 1);

    /// <summary>p ∝ √n (Mahajan et al. 2018, "Exploring the Limits of Weakly Supervised Pretraining").</summary>
    /// <param name="counts">Number of images of each identity, at least 1.</param>
    public static double[] SquareRoot(IReadOnlyList<int> counts) => Normalised(counts, n => Math.Sqrt(n));

    /// <summary>
    /// Each image weighs 1/E(n) = (1 − β)/(1 − βⁿ), the inverse of its class's effective number of samples (Cui et al. 2019, eq. 2), so
    /// p ∝ n·(1 − β)/(1 − βⁿ). β = 0 is the plain shuffle; β → 1 is class-balanced.
    /// </summary>
    /// <param name="counts">Number of images of each identity, at least 1.</param>
    /// <param name="beta">β in [0, 1).</param>
    public static double[] EffectiveNumber(IReadOnlyList<int> counts, double beta)
    {
        if (!(beta is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "β lies from 0 to below 1.");
        }

        // 1 − βⁿ would lose every digit for β close to 1.
        double logarithm = Math.Log(beta);
        return Normalised(counts, n => n * (1 - beta) / (beta == 0 ? 1 : -ExponentialMinusOne(n * logarithm)));
    }

    // exp(x) − 1 for x ≤ 0 without cancellation: tanh keeps all digits near 0.
    private static double ExponentialMinusOne(double x)
    {
        double half = Math.Tanh(x / 2);
        return 2 * half / (1 - half);
    }

    private static double[] Normalised(IReadOnlyList<int> counts, Func<int, double> weight)
    {
        ArgumentNullException.ThrowIfNull(counts);
        double[] weights = [.. counts.Select(weight)];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
