namespace Semblance.Evaluation.Reports.Charts;

/// <summary>How a series is drawn.</summary>
public enum SeriesShape
{
    /// <summary>Straight lines from point to point.</summary>
    Line,

    /// <summary>Each value holds until the next x: empirical rates.</summary>
    Steps,

    /// <summary>As steps, filled down to the axis: histogram bins, x being left edges and the last x the right end.</summary>
    Bins,

    /// <summary>Dots.</summary>
    Points,
}
