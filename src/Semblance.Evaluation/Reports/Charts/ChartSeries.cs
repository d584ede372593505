namespace Semblance.Evaluation.Reports.Charts;

/// <summary>A named series of points. NaN and infinite values leave a gap.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Positions, ascending.</param>
/// <param name="Y">Values, as many.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>How it is drawn.</summary>
    public SeriesShape Shape { get; init; }

    /// <summary>Whether the line is dashed and grey: a reference rather than a result.</summary>
    public bool Reference { get; init; }

    /// <summary>Its colour, 1 to 6; by position in the chart where null.</summary>
    public int? Color { get; init; }

    /// <summary>
    /// A series of many noisy values, such as the loss of every step, as means over equally long stretches: readable, and small in the page.
    /// Values that are not finite are left out of the means.
    /// </summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="x">Positions, ascending.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="points">The number of points not to be exceeded, at least 1.</param>
    /// <exception cref="ArgumentException">There are different numbers of x and y.</exception>
    public static ChartSeries OfMeans(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, int points = 300)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"series '{name}' has {x.Count} x but {y.Count} y.", nameof(y));
        }

        int stretch = Math.Max(1, (x.Count + points - 1) / points);
        var meansX = new List<double>();
        var meansY = new List<double>();
        for (int start = 0; start < x.Count; start += stretch)
        {
            int[] finite = [.. Enumerable.Range(start, Math.Min(stretch, x.Count - start)).Where(i => double.IsFinite(y[i]))];
            if (finite.Length > 0)
            {
                meansX.Add(finite.Average(i => x[i]));
                meansY.Add(finite.Average(i => y[i]));
            }
        }

        return new ChartSeries(name, meansX, meansY);
    }
}
