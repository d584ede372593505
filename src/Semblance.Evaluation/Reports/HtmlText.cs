using System.Globalization;
using System.Net;

namespace Semblance.Evaluation.Reports;

/// <summary>Text for pages: escaped, and figures as people write them.</summary>
public static class HtmlText
{
    /// <summary>Text as it may stand between tags and in attributes.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A share as a percentage: 0.93167 is "93.17 %".</summary>
    public static string Percent(double share, int decimals = 2) =>
        (share * 100).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + "\u202f%";

    /// <summary>A mean with its standard error: "93.17 ± 0.42 %"; the mean alone where there is no error.</summary>
    public static string PercentWithError(double mean, double? error) => error is null
        ? Percent(mean)
        : string.Create(CultureInfo.InvariantCulture, $"{mean * 100:F2}\u202f±\u202f{error * 100:F2}\u202f%");

    /// <summary>A cosine: three decimals.</summary>
    public static string Cosine(double value) => value.ToString("F3", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A whole number with thin spaces between thousands.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202f');
}
