namespace Semblance.Training.Tuples;

/// <summary>The distance that tells pairs of the same person from pairs of different people with the fewest errors.</summary>
public static class VerificationThreshold
{
    /// <summary>Finds it: pairs at most that far apart are taken for the same person. Half-way between the two distances that it parts; the smallest where several do equally well.</summary>
    /// <param name="distances">The distance of each pair.</param>
    /// <param name="same">Whether the pair shows the same person.</param>
    /// <returns>The threshold, or null where there are not pairs of both kinds.</returns>
    /// <exception cref="ArgumentException">The two are not of one length.</exception>
    public static double? Of(ReadOnlySpan<float> distances, ReadOnlySpan<bool> same)
    {
        if (distances.Length != same.Length)
        {
            throw new ArgumentException($"There are {distances.Length} distances and {same.Length} verdicts.", nameof(same));
        }

        float[] sorted = distances.ToArray();
        bool[] verdicts = same.ToArray();
        int total = verdicts.Count(s => s);
        if (total == 0 || total == verdicts.Length)
        {
            return null;
        }

        Array.Sort(sorted, verdicts);
        // Below all pairs every one of the same person is an error.
        int errors = total;
        (int fewest, double best) = (errors, sorted[0] / 2.0);
        for (int i = 0; i < sorted.Length; i++)
        {
            errors += verdicts[i] ? -1 : 1;
            bool last = i + 1 == sorted.Length;
            if (errors < fewest && (last || sorted[i + 1] > sorted[i]))
            {
                (fewest, best) = (errors, last ? sorted[i] : (sorted[i] + (double)sorted[i + 1]) / 2);
            }
        }

        return best;
    }
}
