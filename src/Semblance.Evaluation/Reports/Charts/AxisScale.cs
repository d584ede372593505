using System.Globalization;

namespace Semblance.Evaluation.Reports.Charts;

/// <summary>Maps an axis's values to [0, 1] and finds its ticks.</summary>
internal sealed class AxisScale
{
    private const int TargetTicks = 6;
    private readonly ChartAxis _axis;

    private AxisScale(ChartAxis axis, double low, double high, IReadOnlyList<AxisTick> ticks) =>
        (_axis, Low, High, Ticks) = (axis, low, high, ticks);

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<AxisTick> Ticks { get; }

    /// <summary>Fits an axis to data; ends that the axis fixes are kept.</summary>
    public static AxisScale Fit(ChartAxis axis, IEnumerable<double> values, bool fromZero)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsFinite(value) && (!axis.Logarithmic || value > 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
        {
            (low, high) = axis.Logarithmic ? (0.1, 1) : (0, 1);
        }

        return axis.Logarithmic ? Logarithmic(axis, low, high) : Linear(axis, fromZero ? Math.Min(0, low) : low, high);
    }

    /// <summary>The position of a value: 0 at the lower end, 1 at the upper; NaN stays NaN.</summary>
    public double Position(double value)
    {
        if (!_axis.Logarithmic)
        {
            return (value - Low) / (High - Low);
        }

        return value <= Low ? 0 : (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low));
    }

    private static AxisScale Linear(ChartAxis axis, double low, double high)
    {
        low = axis.Minimum ?? low;
        high = axis.Maximum ?? high;
        if (!(high > low))
        {
            double pad = Math.Max(Math.Abs(low) * 0.1, 1e-6);
            low = axis.Minimum ?? low - pad;
            high = Math.Max(axis.Maximum ?? high + pad, low + pad);
        }

        double step = NiceStep((high - low) / TargetTicks);
        double first = axis.Minimum ?? Math.Floor((low / step) + 1e-9) * step;
        double last = axis.Maximum ?? Math.Ceiling((high / step) - 1e-9) * step;
        if (axis.Ticks is not null)
        {
            return new AxisScale(axis, axis.Minimum ?? low, axis.Maximum ?? high, axis.Ticks);
        }

        var ticks = new List<AxisTick>();
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step * (axis.Format == AxisFormat.Percent ? 100 : 1)) + 1e-9));
        for (long k = (long)Math.Ceiling((first / step) - 1e-9); k * step <= last + (step * 1e-9); k++)
        {
            ticks.Add(new AxisTick(k * step, Label(k * step, decimals, axis.Format)));
        }

        return new AxisScale(axis, first, last, ticks);
    }

    private static AxisScale Logarithmic(ChartAxis axis, double low, double high)
    {
        low = axis.Minimum ?? Math.Pow(10, Math.Floor(Math.Log10(low) + 1e-9));
        high = axis.Maximum ?? Math.Pow(10, Math.Ceiling(Math.Log10(high) - 1e-9));
        high = high > low ? high : low * 10;
        int first = (int)Math.Ceiling(Math.Log10(low) - 1e-9);
        int last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        int stride = Math.Max(1, (last - first + TargetTicks) / TargetTicks);
        var ticks = new List<AxisTick>();
        for (int power = last; power >= first; power -= stride)
        {
            ticks.Add(new AxisTick(Math.Pow(10, power), power switch
            {
                0 => "1",
                1 => "10",
                _ => $"10^{power.ToString(CultureInfo.InvariantCulture).Replace('-', '−')}",
            }));
        }

        ticks.Reverse();
        return new AxisScale(axis, low, high, axis.Ticks ?? ticks);
    }

    private static double NiceStep(double raw)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double fraction = raw / magnitude;
        return magnitude * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
    }

    private static string Label(double value, int decimals, AxisFormat format)
    {
        double size = Math.Abs(value);
        string text = format == AxisFormat.Percent ? Fixed(value * 100, decimals) + " %"
            : size >= 1e6 ? (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M"
            : size >= 1e4 ? (value / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k"
            : size > 0 && size < 1e-3 ? value.ToString("0.##e-0", CultureInfo.InvariantCulture)
            : Fixed(value, decimals);
        return text.Replace('-', '−');
    }

    private static string Fixed(double value, int decimals)
    {
        string text = value.ToString("F" + Math.Min(decimals, 9).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Any(c => c is >= '1' and <= '9') ? text : text.TrimStart('-');
    }
}
