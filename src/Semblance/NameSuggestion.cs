namespace Semblance;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
public static class NameSuggestion
{
    /// <summary>The nearest known name by Levenshtein distance, case ignored, or null where none comes near.</summary>
    /// <param name="unknown">What was written.</param>
    /// <param name="known">What could have been written.</param>
    public static string? Closest(string unknown, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(unknown);
        ArgumentNullException.ThrowIfNull(known);
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string name in known)
        {
            // A beginning of a name was meant to be that name, however much is missing.
            bool begins = unknown.Length >= 2 && name.StartsWith(unknown, StringComparison.OrdinalIgnoreCase);
            int distance = begins ? 1 : EditDistance(unknown.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(2, Math.Max(best.Length, unknown.Length) / 2) ? best : null;
    }

    /// <summary>A sentence for an error message: "did you mean X?" where a name comes near, else the list of known names.</summary>
    /// <param name="unknown">What was written.</param>
    /// <param name="known">What could have been written.</param>
    public static string Sentence(string unknown, IReadOnlyCollection<string> known) =>
        Closest(unknown, known) is { } near
            ? $"did you mean '{near}'?"
            : $"known are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    private static int EditDistance(string a, string b)
    {
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
