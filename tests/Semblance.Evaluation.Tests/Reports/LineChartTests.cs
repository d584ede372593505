using System.Globalization;
using System.Xml.Linq;
using Semblance.Evaluation.Reports.Charts;

namespace Semblance.Evaluation.Tests.Reports;

public class LineChartTests
{
    [Fact]
    public void The_svg_is_well_formed_and_its_words_are_text()
    {
        var chart = new LineChart("A & B <c>", new ChartAxis("steps <x>"), new ChartAxis("loss"), new ChartSeries("s", [0, 1, 2], [3, 1, 2]))
        {
            Marks = [new ChartMark("limit", 1.5), new ChartMark("zone", 0) { To = 1 }, new ChartMark("level", 2) { Horizontal = true }],
        };
        XElement svg = XElement.Parse(chart.ToSvg());
        string[] texts = [.. svg.Descendants("text").Select(t => t.Value)];
        Assert.Contains("steps <x>", texts);
        Assert.Contains("loss", texts);
        Assert.Contains("limit", texts);
        Assert.Equal("A & B <c>", svg.Attribute("aria-label")!.Value);
        Assert.DoesNotContain("style", svg.DescendantsAndSelf().Attributes().Select(a => a.Name.LocalName));
    }

    [Fact]
    public void A_line_runs_from_corner_to_corner_of_its_axes()
    {
        var chart = new LineChart("", new ChartAxis("") { Minimum = 0, Maximum = 1 }, new ChartAxis("") { Minimum = 0, Maximum = 1 }, new ChartSeries("s", [0, 1], [0, 1]));
        Assert.Equal("M0 298L552 0", Path(chart));
    }

    [Fact]
    public void Steps_hold_a_value_until_the_next()
    {
        var series = new ChartSeries("s", [0, 0.5, 1], [0, 1, 1]) { Shape = SeriesShape.Steps };
        var chart = new LineChart("", new ChartAxis("") { Minimum = 0, Maximum = 1 }, new ChartAxis("") { Minimum = 0, Maximum = 1 }, series);
        Assert.Equal("M0 298L276 298L276 0L552 0", Path(chart));
    }

    [Fact]
    public void Values_that_are_not_finite_leave_a_gap()
    {
        var chart = new LineChart("", new ChartAxis(""), new ChartAxis(""), new ChartSeries("s", [0, 1, 2, 3, 4], [1, 2, double.NaN, 2, double.PositiveInfinity]));
        Assert.Equal(2, XElement.Parse(chart.ToSvg()).Descendants("path").Count());
        Assert.Equal("[1,2,null,2,null]", chart.ToJson()["series"]![0]!["y"]!.ToJsonString());
    }

    [Fact]
    public void A_million_points_draw_as_few_and_keep_their_extremes()
    {
        double[] x = [.. Enumerable.Range(0, 1_000_000).Select(i => (double)i)];
        double[] y = [.. x.Select(i => i == 123_456 ? 100 : Math.Sin(i))];
        var chart = new LineChart("", new ChartAxis(""), new ChartAxis("") { Minimum = 0, Maximum = 100 }, new ChartSeries("s", x, y));
        string path = Path(chart);
        Assert.InRange(path.Length, 1, 100_000);
        Assert.Contains(" 0L", path, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_of_stretches_keep_the_total()
    {
        double[] x = [.. Enumerable.Range(0, 900).Select(i => (double)i)];
        ChartSeries means = ChartSeries.OfMeans("loss", x, [.. x.Select(v => 2 * v)], points: 300);
        Assert.Equal(300, means.X.Count);
        Assert.Equal(x.Average(), means.X.Average(), 1e-9);
        Assert.Equal(2 * x.Average(), means.Y.Average(), 1e-9);
        Assert.Equal([0.5], ChartSeries.OfMeans("", [0, 1, 2], [0, double.NaN, 1], points: 1).Y);
    }

    [Fact]
    public void Numbers_behind_the_chart_keep_six_digits_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var chart = new LineChart("t", new ChartAxis("x"), new ChartAxis("y"), new ChartSeries("s", [1234567.8, 1e-5], [0.123456789, -2e-20]));
        Assert.Equal("""{"title":"t","x":"x","y":"y","series":[{"name":"s","x":[1234570,0.00001],"y":[0.123457,0]}]}""", chart.ToJson().ToJsonString());
        Assert.Equal(before, CultureInfo.CurrentCulture);
    }

    [Fact]
    public void Unequal_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => new LineChart("", new ChartAxis(""), new ChartAxis(""), new ChartSeries("s", [1], [1, 2])));

    private static string Path(LineChart chart) => XElement.Parse(chart.ToSvg()).Descendants("path").Single().Attribute("d")!.Value;
}
