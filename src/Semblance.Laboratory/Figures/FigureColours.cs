using ScottPlot;

namespace Semblance.Laboratory.Figures;

/// <summary>
/// Colours that stay apart for colour-blind readers (Okabe and Ito 2008, "Color Universal Design"; their yellow is too light on white and is
/// replaced by brown). Where there are more curves than colours the colours come again with another dash.
/// </summary>
internal static class FigureColours
{
    /// <summary>Letters, axes.</summary>
    public static readonly Color Ink = Color.FromHex("#222426");

    /// <summary>Words of lesser weight.</summary>
    public static readonly Color Muted = Color.FromHex("#6b7076");

    /// <summary>Grid lines.</summary>
    public static readonly Color Grid = Color.FromHex("#e6e7e9");

    /// <summary>Every other zone behind the curves.</summary>
    public static readonly Color Zone = Color.FromHex("#f4f5f7");

    private static readonly string[] Hues = ["#0072b2", "#d55e00", "#009e73", "#b0518f", "#e69f00", "#56b4e9", "#7a4b2a"];

    private static readonly LinePattern[] Dashes =
    [
        LinePattern.Solid,
        new LinePattern([9, 4], 0, "dashed"),
        new LinePattern([2, 3], 0, "dotted"),
        new LinePattern([10, 3, 2, 3], 0, "dash-dotted"),
    ];

    /// <summary>The colour of the n-th curve.</summary>
    public static Color Of(int index) => Color.FromHex(Hues[index % Hues.Length]);

    /// <summary>How often all colours have been used before the n-th curve.</summary>
    public static int Round(int index) => index / Hues.Length;

    /// <summary>The n-th dash; the first is none.</summary>
    public static LinePattern Dash(int index) => Dashes[index % Dashes.Length];

    /// <summary>The dash of the n-th curve.</summary>
    public static LinePattern DashOf(int index) => Dash(Round(index));

    /// <summary>The colour as letters need it: dark enough to be read on white.</summary>
    public static Color ForText(Color colour)
    {
        double luminance = ((0.2126 * colour.R) + (0.7152 * colour.G) + (0.0722 * colour.B)) / 255;
        double factor = Math.Min(1, 0.42 / Math.Max(luminance, 1e-3));
        return new Color((byte)(colour.R * factor), (byte)(colour.G * factor), (byte)(colour.B * factor));
    }
}
