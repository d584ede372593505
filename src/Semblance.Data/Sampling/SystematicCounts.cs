using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// Turns probabilities into whole numbers of visits by systematic sampling: item i gets ⌊n·pᵢ⌋ or ⌈n·pᵢ⌉ of n visits, and n·pᵢ in the mean. Drawing
/// each visit independently would give the same mean with a spread of √(n·pᵢ), which on a long tail leaves many identities out of an epoch.
/// </summary>
internal static class SystematicCounts
{
    private const double Rounding = 1e-9;

    /// <summary>Draws the numbers of visits.</summary>
    /// <param name="probabilities">Sum 1.</param>
    /// <param name="visits">Their total, at most <paramref name="most"/> times the number of items.</param>
    /// <param name="most">The largest number of visits of one item; what lies above goes to the others in proportion.</param>
    /// <param name="random">The draws.</param>
    public static int[] Draw(double[] probabilities, int visits, int most, ref CountedRandom random)
    {
        double[] expected = Expected(probabilities, visits, most);
        int[] order = [.. Enumerable.Range(0, expected.Length)];
        random.Shuffle<int>(order);
        int[] counts = new int[expected.Length];
        double offset = random.NextDouble();
        int open = 0;
        int left = visits;
        foreach (double share in expected)
        {
            (open, left) = share >= most ? (open, left - most) : (open + 1, left);
        }

        double sum = 0;
        int given = 0;
        foreach (int item in order)
        {
            if (expected[item] >= most)
            {
                counts[item] = most;
                continue;
            }

            // The sum of all is a whole number; the last edge is exactly that, whatever rounding did.
            sum += expected[item];
            int edge = --open == 0 ? left : Math.Min(left, (int)Math.Floor(sum + offset));
            counts[item] = edge - given;
            given = edge;
        }

        return counts;
    }

    /// <summary>The mean number of visits of each item: n·pᵢ where no item is over the most that one may have.</summary>
    public static double[] Expected(double[] probabilities, int visits, int most)
    {
        double[] expected = new double[probabilities.Length];
        bool[] full = new bool[probabilities.Length];
        double left = visits;
        while (true)
        {
            double mass = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                mass += full[i] ? 0 : probabilities[i];
            }

            bool changed = false;
            for (int i = 0; i < expected.Length; i++)
            {
                if (!full[i])
                {
                    expected[i] = left * (probabilities[i] / mass);
                }
            }

            for (int i = 0; i < expected.Length; i++)
            {
                if (!full[i] && expected[i] > most - Rounding)
                {
                    (full[i], expected[i], changed) = (true, most, true);
                    left -= most;
                }
            }

            if (!changed || Array.TrueForAll(full, f => f))
            {
                return expected;
            }
        }
    }
}
