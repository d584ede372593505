namespace Semblance.Evaluation.Clustering;

/// <summary>How a mutual information is divided to lie in [0, 1].</summary>
public enum InformationMean
{
    /// <summary>By the mean of both entropies.</summary>
    Arithmetic,

    /// <summary>By the root of their product.</summary>
    Geometric,

    /// <summary>By the larger one.</summary>
    Maximum,
}

/// <summary>
/// Agreement of a clustering with identities by mutual information (Vinh, Epps and Bailey 2010, "Information Theoretic Measures for Clusterings
/// Comparison"): normalised, and adjusted for what chance alone would give. Natural logarithms.
/// </summary>
public sealed class ClusterAgreement
{
    private readonly long _count;
    private readonly long[] _rows;
    private readonly long[] _columns;
    private readonly double _information;
    private readonly double _rowEntropy;
    private readonly double _columnEntropy;

    /// <summary>Counts how identities and clusters meet.</summary>
    /// <param name="labels">The identity of each photo.</param>
    /// <param name="clusters">The cluster of each photo.</param>
    /// <exception cref="ArgumentException">They are not of one length, or empty.</exception>
    public ClusterAgreement(IReadOnlyList<int> labels, IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(clusters);
        if (labels.Count != clusters.Count || labels.Count == 0)
        {
            throw new ArgumentException($"{labels.Count} labels for {clusters.Count} clusters; expected one of each for every photo, and at least one photo.", nameof(clusters));
        }

        _count = labels.Count;
        Dictionary<int, long> rows = labels.CountBy(l => l).ToDictionary(p => p.Key, p => (long)p.Value);
        Dictionary<int, long> columns = clusters.CountBy(c => c).ToDictionary(p => p.Key, p => (long)p.Value);
        (_rows, _columns) = ([.. rows.Values], [.. columns.Values]);
        double n = _count;
        (_rowEntropy, _columnEntropy) = (Entropy(_rows), Entropy(_columns));
        _information = labels.Zip(clusters).CountBy(cell => cell)
            .Sum(cell => cell.Value / n * Math.Log(n * cell.Value / ((double)rows[cell.Key.First] * columns[cell.Key.Second])));
    }

    /// <summary>Normalised mutual information in [0, 1]; 1 where both are one cluster.</summary>
    /// <param name="mean">What it is divided by.</param>
    public double Normalised(InformationMean mean = InformationMean.Arithmetic) =>
        BothTrivial ? 1 : Mean(mean) is > 0 and { } divisor ? Math.Max(0, _information) / divisor : 0;

    /// <summary>Adjusted mutual information: 0 on average for clusters drawn at random, 1 for a perfect match (Vinh et al. 2010, eq. 24).</summary>
    /// <param name="mean">What it is divided by.</param>
    public double Adjusted(InformationMean mean = InformationMean.Arithmetic)
    {
        if (BothTrivial)
        {
            return 1;
        }

        double expected = Expected();
        double divisor = Mean(mean) - expected;
        // Rounding may leave a divisor of nearly 0 where every photo is a cluster of its own.
        return Math.Abs(divisor) < 1e-15 ? 0 : (_information - expected) / divisor;
    }

    private bool BothTrivial => (_rows.Length == 1 && _columns.Length == 1) || (_rows.Length == _count && _columns.Length == _count);

    private double Mean(InformationMean mean) => mean switch
    {
        InformationMean.Geometric => Math.Sqrt(_rowEntropy * _columnEntropy),
        InformationMean.Maximum => Math.Max(_rowEntropy, _columnEntropy),
        _ => (_rowEntropy + _columnEntropy) / 2,
    };

    private double Entropy(long[] sizes) => -sizes.Sum(s => (double)s / _count * Math.Log((double)s / _count));

    // The mean over all ways to draw clusters of these sizes: hypergeometric (Vinh et al. 2010, eq. 24a).
    private double Expected()
    {
        double[] logFactorial = new double[_count + 1];
        for (int i = 2; i <= _count; i++)
        {
            logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        }

        double n = _count;
        double sum = 0;
        // Sizes repeat: each pair of sizes is summed once.
        foreach ((long a, int rows) in _rows.CountBy(s => s))
        {
            foreach ((long b, int columns) in _columns.CountBy(s => s))
            {
                double cell = 0;
                double known = logFactorial[a] + logFactorial[b] + logFactorial[_count - a] + logFactorial[_count - b] - logFactorial[_count];
                for (long both = Math.Max(1, a + b - _count); both <= Math.Min(a, b); both++)
                {
                    double chance = Math.Exp(
                        known - logFactorial[both] - logFactorial[a - both] - logFactorial[b - both] - logFactorial[_count - a - b + both]);
                    cell += both / n * Math.Log(n * both / ((double)a * b)) * chance;
                }

                sum += cell * rows * columns;
            }
        }

        return sum;
    }
}
