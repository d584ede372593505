namespace Semblance.Training.Loop.Watching;

/// <summary>Means of figures by name over the steps since the last <see cref="Close"/>; a figure that a step lacks is left out of its mean.</summary>
internal sealed class RunningMeans
{
    // Sorted, so that a checkpoint of the same sums has the same bytes.
    private readonly SortedDictionary<string, double[]> _sums = new(StringComparer.Ordinal);

    /// <summary>Sum and count of each figure, for a checkpoint.</summary>
    public IReadOnlyDictionary<string, double[]> Sums => _sums;

    /// <summary>Takes in one value; one that is not finite is left out.</summary>
    public void Add(string figure, double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        if (!_sums.TryGetValue(figure, out double[]? sum))
        {
            _sums.Add(figure, sum = new double[2]);
        }

        sum[0] += value;
        sum[1]++;
    }

    /// <summary>The means so far; starts anew.</summary>
    public SortedDictionary<string, double> Close()
    {
        var means = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string figure, double[] sum) in _sums)
        {
            means.Add(figure, sum[0] / sum[1]);
        }

        _sums.Clear();
        return means;
    }

    /// <summary>Puts saved sums back.</summary>
    public void Restore(IReadOnlyDictionary<string, double[]> sums)
    {
        _sums.Clear();
        foreach ((string figure, double[] sum) in sums)
        {
            _sums.Add(figure, [sum[0], sum[1]]);
        }
    }
}
