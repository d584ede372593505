using System.Text.Json.Nodes;

namespace Semblance.Evaluation.Reports.Charts;

/// <summary>
/// A chart of series over two axes: training curves, ROC, histograms, dots per fold. Drawn as SVG whose colours are CSS variables of the page,
/// so that it follows light, dark and print; its text stays text.
/// </summary>
public sealed class LineChart
{
    /// <summary>Creates a chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="series">What is drawn, the last on top.</param>
    /// <exception cref="ArgumentException">A series has different numbers of x and y.</exception>
    public LineChart(string title, ChartAxis x, ChartAxis y, params IReadOnlyList<ChartSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        foreach (ChartSeries one in series)
        {
            if (one.X.Count != one.Y.Count)
            {
                throw new ArgumentException($"series '{one.Name}' has {one.X.Count} x but {one.Y.Count} y.", nameof(series));
            }
        }

        (Title, X, Y, Series) = (title, x, y, series);
    }

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>How to read it, in a sentence or two; may be empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public ChartAxis X { get; }

    /// <summary>The vertical axis.</summary>
    public ChartAxis Y { get; }

    /// <summary>The series.</summary>
    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Lines and bands behind the series.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>The chart as an SVG element, without a legend (the page sets one in HTML). Standing alone it needs the page's style sheet.</summary>
    public string ToSvg() => new SvgChartWriter(this).Write();

    /// <summary>The numbers behind the chart, to six significant digits.</summary>
    public JsonObject ToJson() => new()
    {
        ["title"] = Title,
        ["x"] = X.Title,
        ["y"] = Y.Title,
        ["series"] = new JsonArray([.. Series.Select(s => (JsonNode)new JsonObject
        {
            ["name"] = s.Name,
            ["x"] = Numbers(s.X),
            ["y"] = Numbers(s.Y),
        })]),
    };

    /// <summary>The colour class of a series: "ref", or "s1" to "s6".</summary>
    /// <param name="index">Its index in <see cref="Series"/>.</param>
    internal string ColorClass(int index) => Series[index].Reference ? "ref" : $"s{(((Series[index].Color ?? (index + 1)) - 1) % 6) + 1}";

    private static JsonArray Numbers(IReadOnlyList<double> values) =>
        new([.. values.Select(v => double.IsFinite(v) ? JsonValue.Create(Rounded(v)) : (JsonNode?)null)]);

    private static decimal Rounded(double value) =>
        Math.Abs(value) is var size && size is < 1e-12 or > 1e12
            ? size < 1e-12 ? 0 : decimal.CreateSaturating(value)
            : decimal.Parse(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
}
