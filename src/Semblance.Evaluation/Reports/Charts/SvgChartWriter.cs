using System.Globalization;
using System.Text;

namespace Semblance.Evaluation.Reports.Charts;

/// <summary>Draws a <see cref="LineChart"/> as SVG: frame, ticks, marks, then series clipped to the plot by a nested viewport.</summary>
internal sealed class SvgChartWriter
{
    private const double Width = 640;
    private const double Height = 360;
    private const double Left = 70;
    private const double Right = 18;
    private const double Top = 12;
    private const double Bottom = 50;
    private const double PlotWidth = Width - Left - Right;
    private const double PlotHeight = Height - Top - Bottom;
    private readonly LineChart _chart;
    private readonly AxisScale _x;
    private readonly AxisScale _y;
    private readonly StringBuilder _svg = new();

    public SvgChartWriter(LineChart chart)
    {
        _chart = chart;
        bool bins = chart.Series.Any(s => s.Shape == SeriesShape.Bins);
        _x = AxisScale.Fit(chart.X, chart.Series.SelectMany(s => s.X), fromZero: false);
        _y = AxisScale.Fit(chart.Y, chart.Series.SelectMany(s => s.Y), fromZero: bins);
    }

    public string Write()
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlText.Encode(_chart.Title)}\">");
        WriteGrid();
        _svg.Append(CultureInfo.InvariantCulture, $"<svg x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\" viewBox=\"0 0 {PlotWidth} {PlotHeight}\">");
        foreach (ChartMark band in _chart.Marks.Where(m => m.To is not null))
        {
            WriteBand(band);
        }

        for (int i = 0; i < _chart.Series.Count; i++)
        {
            WriteSeries(_chart.Series[i], _chart.ColorClass(i));
        }

        _svg.Append("</svg>");
        WriteMarkLinesAndLabels();
        return _svg.Append("</svg>").ToString();
    }

    private void WriteGrid()
    {
        double bottom = Top + PlotHeight;
        foreach (AxisTick tick in _y.Ticks)
        {
            double y = Top + Y(tick.Value);
            _svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.##}\" y2=\"{y:0.##}\"/>");
            _svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y + 4:0.##}\" text-anchor=\"end\">{TickText(tick)}</text>");
        }

        foreach (AxisTick tick in _x.Ticks)
        {
            double x = Left + X(tick.Value);
            _svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x:0.##}\" x2=\"{x:0.##}\" y1=\"{Top}\" y2=\"{bottom + 4}\"/>");
            _svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{TickText(tick)}</text>");
        }

        _svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{bottom}\" y2=\"{bottom}\"/>");
        _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis-title\" x=\"{Left + (PlotWidth / 2)}\" y=\"{Height - 8}\" text-anchor=\"middle\">{HtmlText.Encode(_chart.X.Title)}</text>");
        double middle = Top + (PlotHeight / 2);
        _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis-title\" transform=\"translate(14 {middle}) rotate(-90)\" text-anchor=\"middle\">{HtmlText.Encode(_chart.Y.Title)}</text>");
    }

    private void WriteBand(ChartMark band)
    {
        double from = band.Horizontal ? Y(band.To!.Value) : X(band.From);
        double to = band.Horizontal ? Y(band.From) : X(band.To!.Value);
        string box = band.Horizontal
            ? string.Create(CultureInfo.InvariantCulture, $"x=\"0\" width=\"{PlotWidth}\" y=\"{from:0.##}\" height=\"{Math.Max(0, to - from):0.##}\"")
            : string.Create(CultureInfo.InvariantCulture, $"y=\"0\" height=\"{PlotHeight}\" x=\"{from:0.##}\" width=\"{Math.Max(0, to - from):0.##}\"");
        _svg.Append("<rect class=\"band\" ").Append(box).Append("/>");
    }

    private void WriteMarkLinesAndLabels()
    {
        foreach (ChartMark mark in _chart.Marks)
        {
            double x = mark.Horizontal ? Left + PlotWidth - 6 : Left + X(mark.From) + 6;
            double y = mark.Horizontal ? Top + Y(mark.To ?? mark.From) - 6 : Top + 14;
            bool flip = !mark.Horizontal && mark.To is null && X(mark.From) > PlotWidth * 0.7;
            if (mark.To is null)
            {
                string ends = mark.Horizontal
                    ? string.Create(CultureInfo.InvariantCulture, $"x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Top + Y(mark.From):0.##}\" y2=\"{Top + Y(mark.From):0.##}\"")
                    : string.Create(CultureInfo.InvariantCulture, $"x1=\"{Left + X(mark.From):0.##}\" x2=\"{Left + X(mark.From):0.##}\" y1=\"{Top}\" y2=\"{Top + PlotHeight}\"");
                _svg.Append("<line class=\"mark\" ").Append(ends).Append("/>");
            }

            if (mark.Label.Length > 0)
            {
                string anchor = mark.Horizontal || flip ? "end" : "start";
                x -= flip ? 12 : 0;
                _svg.Append(CultureInfo.InvariantCulture, $"<text class=\"mark-label\" x=\"{x:0.##}\" y=\"{Math.Max(Top + 12, y):0.##}\" text-anchor=\"{anchor}\">{HtmlText.Encode(mark.Label)}</text>");
            }
        }
    }

    private void WriteSeries(ChartSeries series, string color)
    {
        if (series.Shape == SeriesShape.Points)
        {
            for (int i = 0; i < series.X.Count; i++)
            {
                if (double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))
                {
                    _svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot {color}\" cx=\"{X(series.X[i]):0.##}\" cy=\"{Y(series.Y[i]):0.##}\" r=\"4.5\"><title>{HtmlText.Encode(series.Name)}: {series.X[i]:G5}, {series.Y[i]:G5}</title></circle>");
                }
            }

            return;
        }

        foreach (List<(double X, double Y)> run in Runs(series))
        {
            string path = PathReducer.ToPath(run);
            if (series.Shape == SeriesShape.Bins)
            {
                double floor = Y(Math.Max(0, _y.Low));
                _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"area {color}\" d=\"M{run[0].X:0.#} {floor:0.#}{path.Replace('M', 'L')}L{run[^1].X:0.#} {floor:0.#}Z\"/>");
            }

            _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line {color}\" d=\"{path}\"/>");
        }
    }

    /// <summary>The series in plot coordinates, split at gaps, with corners added to steps.</summary>
    private IEnumerable<List<(double X, double Y)>> Runs(ChartSeries series)
    {
        var run = new List<(double X, double Y)>();
        for (int i = 0; i <= series.X.Count; i++)
        {
            if (i == series.X.Count || !double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i]))
            {
                if (run.Count > 0)
                {
                    yield return run;
                    run = [];
                }

                continue;
            }

            (double x, double y) = (X(series.X[i]), Y(series.Y[i]));
            if (run.Count > 0 && series.Shape != SeriesShape.Line)
            {
                run.Add((x, run[^1].Y));
            }

            run.Add((x, y));
        }
    }

    private double X(double value) => _x.Position(value) * PlotWidth;

    private double Y(double value) => (1 - _y.Position(value)) * PlotHeight;

    private static string TickText(AxisTick tick)
    {
        int power = tick.Label.IndexOf('^', StringComparison.Ordinal);
        return power < 0
            ? HtmlText.Encode(tick.Label)
            : $"{HtmlText.Encode(tick.Label[..power])}<tspan dy=\"-5\" class=\"power\">{HtmlText.Encode(tick.Label[(power + 1)..])}</tspan>";
    }
}
