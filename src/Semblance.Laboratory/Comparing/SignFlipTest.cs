namespace Semblance.Laboratory.Comparing;

/// <summary>
/// The exact two-sided sign-flip permutation test of paired differences (Fisher 1935): were the two things compared alike, each difference would have
/// come with the other sign just as likely, independently of the rest; p is the share of all 2ⁿ choices of signs whose sum is at least as far from 0
/// as the one observed. With differences of −1, 0 and 1 it is McNemar's exact test (McNemar 1947: binomial on the pairs where the two disagree).
/// </summary>
public static class SignFlipTest
{
    /// <summary>The p-value, by the exact distribution of the sum.</summary>
    /// <param name="differences">The differences, whole numbers; zeros have no say.</param>
    /// <returns>p in (0, 1]; 1 where there is no difference.</returns>
    public static double PValue(IReadOnlyList<int> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        int observed = Math.Abs(differences.Sum());
        int total = differences.Sum(Math.Abs);

        // chances[i] belongs to the sum i − reach.
        double[] chances = [1];
        foreach (IGrouping<int, int> alike in differences.Where(d => d != 0).GroupBy(Math.Abs))
        {
            chances = Add(chances, alike.Key, alike.Count());
        }

        double p = 0;
        for (int i = 0; i < chances.Length; i++)
        {
            p += Math.Abs(i - total) >= observed ? chances[i] : 0;
        }

        return Math.Min(1, p);
    }

    // With n differences of size k, j of them positive, the sum is k·(2j − n) with chance C(n, j)/2ⁿ.
    private static double[] Add(double[] chances, int size, int count)
    {
        double[] sums = new double[chances.Length + (2 * size * count)];
        double log = -count * Math.Log(2);
        for (int positive = 0; positive <= count; positive++)
        {
            double chance = Math.Exp(log);
            for (int i = 0; i < chances.Length; i++)
            {
                sums[i + (2 * size * positive)] += chance * chances[i];
            }

            log += Math.Log(count - positive) - Math.Log(positive + 1);
        }

        return sums;
    }
}
