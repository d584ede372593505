namespace Semblance.Evaluation.Reports.Charts;

/// <summary>A line across the chart at one value of an axis, or a band where <see cref="To"/> is given.</summary>
/// <param name="Label">What is written beside it; may be empty.</param>
/// <param name="From">The value, or where the band starts.</param>
public sealed record ChartMark(string Label, double From)
{
    /// <summary>Where the band ends; null for a line.</summary>
    public double? To { get; init; }

    /// <summary>True where the value lies on the y axis, so that the line is level.</summary>
    public bool Horizontal { get; init; }
}
