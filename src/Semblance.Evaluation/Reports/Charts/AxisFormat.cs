namespace Semblance.Evaluation.Reports.Charts;

/// <summary>How numbers are written along an axis.</summary>
public enum AxisFormat
{
    /// <summary>A plain number with as many decimals as the ticks need; thousands as k, millions as M.</summary>
    Number,

    /// <summary>A share as a percentage: 0.25 is "25 %".</summary>
    Percent,
}
