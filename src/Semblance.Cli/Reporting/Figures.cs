using System.Globalization;

namespace Semblance.Cli.Reporting;

/// <summary>How numbers look to people.</summary>
internal static class Figures
{
    /// <summary>A share as per cent with two digits, or a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } value && double.IsFinite(value)
        ? (value * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %"
        : "–";

    /// <summary>A number with four digits after the point, or a dash where there is none.</summary>
    public static string Number(double? number) => number is { } value && double.IsFinite(value)
        ? value.ToString("0.0000", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: three significant digits, no decimals above 100.</summary>
    public static string Rate(double rate) => rate switch
    {
        >= 100 => rate.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => rate.ToString("0.0", CultureInfo.InvariantCulture),
        _ => rate.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A duration: 42 s, 3 min 05 s, 2 h 07 min.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 59.5 } => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes:00} min",
    };

    /// <summary>A size in bytes, as B, KB or MB (decimal).</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => (bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " KB",
        _ => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
    };
}
