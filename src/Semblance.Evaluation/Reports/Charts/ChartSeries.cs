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
}
