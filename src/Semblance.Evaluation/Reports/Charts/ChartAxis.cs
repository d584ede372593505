namespace Semblance.Evaluation.Reports.Charts;

/// <summary>One axis of a chart.</summary>
/// <param name="Title">What it measures, with its unit.</param>
public sealed record ChartAxis(string Title)
{
    /// <summary>Whether decades are equally long; values of 0 and less are then drawn at the axis's lower end.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The lower end; found from the data where null.</summary>
    public double? Minimum { get; init; }

    /// <summary>The upper end; found from the data where null.</summary>
    public double? Maximum { get; init; }

    /// <summary>How numbers are written.</summary>
    public AxisFormat Format { get; init; }

    /// <summary>Ticks to use instead of round numbers, for example fold numbers.</summary>
    public IReadOnlyList<AxisTick>? Ticks { get; init; }
}
