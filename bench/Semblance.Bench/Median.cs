namespace Semblance.Bench;

/// <summary>The middle of a few measurements.</summary>
internal static class Median
{
    /// <summary>The median; the mean of the two middle values for an even count.</summary>
    /// <param name="values">At least one value.</param>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
