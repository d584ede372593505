namespace Semblance.Evaluation.Verification;

/// <summary>
/// The similarity scores of a verification experiment, sorted once: larger = more alike; a comparison is accepted where its score is at
/// least the threshold. Equal scores stand or fall together, so every metric built on this treats ties exactly. Immutable and thread-safe.
/// </summary>
public sealed class ComparisonScores
{
    private readonly double[] _values;
    private readonly int[] _genuine;
    private readonly int[] _impostor;

    private ComparisonScores(double[] values, int[] genuine, int[] impostor, int genuineTotal, int impostorTotal) =>
        (_values, _genuine, _impostor, Genuine, Impostor) = (values, genuine, impostor, genuineTotal, impostorTotal);

    /// <summary>Number of comparisons of one person with themself (mated).</summary>
    public int Genuine { get; }

    /// <summary>Number of comparisons of two people (non-mated).</summary>
    public int Impostor { get; }

    /// <summary>Number of comparisons.</summary>
    public int Count => Genuine + Impostor;

    /// <summary>The distinct scores, highest first.</summary>
    public ReadOnlySpan<double> Distinct => _values;

    /// <summary>Number of genuine comparisons at each distinct score.</summary>
    public ReadOnlySpan<int> GenuineAt => _genuine;

    /// <summary>Number of impostor comparisons at each distinct score.</summary>
    public ReadOnlySpan<int> ImpostorAt => _impostor;

    /// <summary>Sorts and counts. Infinite scores are legal: they lie above or below every threshold.</summary>
    /// <param name="scores">Similarities, larger = more alike.</param>
    /// <param name="same">For each score, whether both samples are of one person.</param>
    /// <exception cref="ArgumentException">The two have different lengths.</exception>
    /// <exception cref="SemblanceException">There is no score, or some are NaN (the message says how many).</exception>
    public static ComparisonScores Create(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        if (scores.Length != same.Length)
        {
            throw new ArgumentException($"{scores.Length} scores but {same.Length} flags.", nameof(same));
        }

        if (scores.IsEmpty)
        {
            throw new SemblanceException("there are no scores to evaluate; give at least one pair.");
        }

        int nan = 0;
        foreach (double score in scores)
        {
            nan += double.IsNaN(score) ? 1 : 0;
        }

        if (nan > 0)
        {
            throw new SemblanceException($"{nan} of {scores.Length} scores are NaN; the model gives no usable embedding for these pairs (a diverged model, or damaged weights).");
        }

        double[] sorted = scores.ToArray();
        bool[] flags = same.ToArray();
        Array.Sort(sorted, flags);
        var values = new List<double>();
        var genuine = new List<int>();
        var impostor = new List<int>();
        int genuineTotal = 0;
        for (int i = sorted.Length - 1; i >= 0;)
        {
            double value = sorted[i];
            int mated = 0;
            int start = i;
            for (; i >= 0 && sorted[i] == value; i--)
            {
                mated += flags[i] ? 1 : 0;
            }

            values.Add(value);
            genuine.Add(mated);
            impostor.Add(start - i - mated);
            genuineTotal += mated;
        }

        return new ComparisonScores([.. values], [.. genuine], [.. impostor], genuineTotal, sorted.Length - genuineTotal);
    }

    /// <summary>Refuses sets in which error rates have no meaning.</summary>
    /// <exception cref="SemblanceException">Every comparison is genuine, or every one is an impostor's.</exception>
    internal void RequireBothKinds()
    {
        if (Genuine == 0 || Impostor == 0)
        {
            throw new SemblanceException(
                $"all {Count} pairs are {(Genuine == 0 ? "impostor" : "genuine")} pairs; ROC, AUC, EER and TAR@FAR need at least one of each kind.");
        }
    }
}
