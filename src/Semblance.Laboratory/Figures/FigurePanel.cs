using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Semblance.Laboratory.Figures;

/// <summary>
/// One pair of axes in the house's manner: two axes instead of a box, faint horizontal lines, names beside the curves instead of a legend.
/// Sizes are chosen so that a figure can be read at half its size.
/// </summary>
internal sealed class FigurePanel : IDisposable
{
    /// <summary>Size of the curves' names.</summary>
    public const float LabelSize = 15;

    // ScottPlot sets letters this share of their size above where they belong.
    private const float Drop = 0.22f;

    // Of a word beside a line.
    private const float Distance = 6;

    private const float AxisSize = 17;
    private const float TickSize = 15;
    private const float CurveWidth = 2.2f;

    private readonly EdgeLabels _edge = new();
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;

    /// <summary>Lays out the axes.</summary>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="rightMargin">Room for the curves' names, in pixels.</param>
    /// <param name="title">What tells the panel from its neighbours; empty where it stands alone.</param>
    public FigurePanel(FigureAxis x, FigureAxis y, float rightMargin = 150, string title = "")
    {
        FigureFonts.Register();
        (_x, _y) = ((x.Low, x.High), (y.Low, y.High));
        Plot = new Plot();
        Plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
        Plot.HideGrid();
        Plot.Axes.Right.IsVisible = false;
        Plot.Axes.Top.IsVisible = false;
        Dress(Plot.Axes.Bottom, x);
        Dress(Plot.Axes.Left, y);
        foreach (double tick in y.Ticks)
        {
            Rule(new Coordinates(x.Low, tick), new Coordinates(x.High, tick), FigureColours.Grid, 1);
        }

        if (title.Length > 0)
        {
            Head(title, AxisSize);
        }

        Plot.Layout.Fixed(new PixelPadding(74, rightMargin, 62, title.Length > 0 ? 40 : 18));
    }

    private FigurePanel(string title, double reach)
    {
        FigureFonts.Register();
        (_x, _y) = ((-reach, reach), (-reach, reach));
        Plot = new Plot();
        Plot.Axes.SetLimits(-reach, reach, -reach, reach);
        Plot.HideGrid();
        IAxis[] axes = [Plot.Axes.Left, Plot.Axes.Right, Plot.Axes.Top, Plot.Axes.Bottom];
        foreach (IAxis axis in axes)
        {
            axis.IsVisible = false;
        }

        Head(title, TickSize);
        Rule(new Coordinates(-reach, 0), new Coordinates(reach, 0), FigureColours.Grid, 1);
        Rule(new Coordinates(0, -reach), new Coordinates(0, reach), FigureColours.Grid, 1);
        Plot.Layout.Fixed(new PixelPadding(6, 6, 6, 34));
    }

    /// <summary>What ScottPlot draws.</summary>
    public Plot Plot { get; }

    /// <summary>A panel without axes: points of a plane around the origin, which is marked by a faint cross. It is to be drawn 28 pixels higher than wide.</summary>
    /// <param name="title">What tells it from its neighbours.</param>
    /// <param name="reach">How far it shows, to each side.</param>
    public static FigurePanel OfPlane(string title, double reach) => new(title, reach);

    /// <summary>Draws dots.</summary>
    /// <param name="xs">Where.</param>
    /// <param name="ys">Where.</param>
    /// <param name="colour">Their colour.</param>
    /// <param name="size">Their diameter in pixels.</param>
    public void Dots(double[] xs, double[] ys, Color colour, float size)
    {
        ScottPlot.Plottables.Scatter dots = Plot.Add.ScatterPoints(xs, ys, colour);
        dots.MarkerSize = size;
        dots.MarkerShape = MarkerShape.FilledCircle;
    }

    /// <summary>Draws a curve.</summary>
    /// <param name="xs">Positions, rising.</param>
    /// <param name="ys">Heights; NaN leaves a gap.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="dash">Its dash; solid where none is given.</param>
    /// <param name="width">Its width in pixels.</param>
    public void Curve(double[] xs, double[] ys, Color colour, LinePattern? dash = null, float width = CurveWidth)
    {
        ScottPlot.Plottables.Scatter line = Plot.Add.ScatterLine(xs, ys, colour);
        line.LineWidth = width;
        line.LinePattern = dash ?? LinePattern.Solid;
    }

    /// <summary>Draws a curve and writes its name beside its end, or where it leaves the panel.</summary>
    /// <param name="name">The name.</param>
    /// <param name="xs">Positions, rising.</param>
    /// <param name="ys">Heights.</param>
    /// <param name="index">Its place among the curves, which gives colour and dash.</param>
    public void NamedCurve(string name, double[] xs, double[] ys, int index) =>
        NamedCurve(name, xs, ys, FigureColours.Of(index), FigureColours.DashOf(index));

    /// <summary>Draws a curve and writes its name beside its end, or where it leaves the panel.</summary>
    /// <param name="name">The name.</param>
    /// <param name="xs">Positions, rising.</param>
    /// <param name="ys">Heights.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="dash">Its dash.</param>
    public void NamedCurve(string name, double[] xs, double[] ys, Color colour, LinePattern dash)
    {
        Curve(xs, ys, colour, dash);
        string beyond = ys[^1] < _y.Low ? " ↓" : ys[^1] > _y.High ? " ↑" : "";
        _edge.Add(new EdgeLabel(name + beyond, Math.Clamp(ys[^1], _y.Low, _y.High), colour));
    }

    /// <summary>An area under a stepped or smooth curve.</summary>
    /// <param name="xs">Positions, rising.</param>
    /// <param name="ys">Heights.</param>
    /// <param name="colour">Its colour; drawn faintly.</param>
    /// <param name="floor">The height where it begins.</param>
    public void Area(double[] xs, double[] ys, Color colour, double floor)
    {
        ScottPlot.Plottables.FillY area = Plot.Add.FillY(xs, [.. xs.Select(_ => floor)], ys);
        area.FillColor = colour.WithAlpha(.16);
        area.LineWidth = 0;
        area.MarkerSize = 0;
    }

    /// <summary>A vertical zone behind the curves, with its name at the top.</summary>
    /// <param name="low">Where it begins.</param>
    /// <param name="high">Where it ends.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shaded">Whether it has the faint colour.</param>
    public void Zone(double low, double high, string name, bool shaded)
    {
        if (shaded)
        {
            ScottPlot.Plottables.Rectangle area = Plot.Add.Rectangle(low, high, _y.Low, _y.High);
            area.FillColor = FigureColours.Zone;
            area.LineWidth = 0;
            Plot.MoveToBack(area);
        }

        Note(name, (low + high) / 2, _y.High, FigureColours.Muted, Alignment.UpperCenter);
    }

    /// <summary>A dotted vertical line with a word at its top.</summary>
    /// <param name="x">Where.</param>
    /// <param name="name">The word.</param>
    /// <param name="alignment">On which side of the line the word stands.</param>
    public void Mark(double x, string name, Alignment alignment = Alignment.UpperLeft)
    {
        ScottPlot.Plottables.LinePlot line = Rule(new Coordinates(x, _y.Low), new Coordinates(x, _y.High), FigureColours.Muted, 1.2f);
        line.LinePattern = new LinePattern([2, 3], 0, "dotted");
        Note(name, x, _y.High, FigureColours.Muted, alignment);
    }

    /// <summary>Words within the panel.</summary>
    /// <param name="text">The words; line breaks are kept.</param>
    /// <param name="x">Where.</param>
    /// <param name="y">Where.</param>
    /// <param name="colour">Their colour.</param>
    /// <param name="alignment">Which point of them lies there.</param>
    public void Note(string text, double x, double y, Color colour, Alignment alignment)
    {
        ScottPlot.Plottables.Text note = Plot.Add.Text(text, x, y);
        note.LabelStyle.FontName = FigureFonts.Family;
        note.LabelStyle.FontSize = LabelSize;
        note.LabelStyle.ForeColor = FigureColours.ForText(colour);
        note.LabelStyle.Alignment = alignment;
        note.LabelStyle.OffsetY = Drop * LabelSize;
        note.LabelStyle.OffsetX = alignment switch
        {
            Alignment.UpperLeft or Alignment.MiddleLeft or Alignment.LowerLeft => Distance,
            Alignment.UpperRight or Alignment.MiddleRight or Alignment.LowerRight => -Distance,
            _ => 0,
        };
        note.LabelStyle.Padding = 4;
    }

    /// <summary>Puts the names on top; called once, when everything is drawn.</summary>
    public Plot Finish()
    {
        Plot.Add.Plottable(_edge);
        return Plot;
    }

    /// <summary>Letters in the figures' font.</summary>
    /// <param name="text">The words.</param>
    /// <param name="size">Their size.</param>
    /// <param name="colour">Their colour.</param>
    public static LabelStyle Text(string text, float size, Color colour)
    {
        FigureFonts.Register();
        return new LabelStyle { Text = text, FontName = FigureFonts.Family, FontSize = size, ForeColor = colour, OffsetY = Drop * size };
    }

    /// <inheritdoc/>
    public void Dispose() => Plot.Dispose();

    private ScottPlot.Plottables.LinePlot Rule(Coordinates from, Coordinates to, Color colour, float width)
    {
        ScottPlot.Plottables.LinePlot line = Plot.Add.Line(from, to);
        line.LineColor = colour;
        line.LineWidth = width;
        line.MarkerSize = 0;
        return line;
    }

    private void Head(string title, float size)
    {
        Plot.Title(title);
        Plot.Axes.Title.Label.FontName = FigureFonts.Family;
        Plot.Axes.Title.Label.FontSize = size;
        Plot.Axes.Title.Label.ForeColor = FigureColours.Ink;
        Plot.Axes.Title.Label.Bold = true;
    }

    private static void Dress(IAxis axis, FigureAxis description)
    {
        axis.TickGenerator = new NumericManual([.. description.Ticks], [.. description.Ticks.Select(description.Written)]);
        axis.FrameLineStyle.Width = 1.2f;
        axis.FrameLineStyle.Color = FigureColours.Ink;
        axis.MajorTickStyle.Length = 5;
        axis.MajorTickStyle.Width = 1.2f;
        axis.MajorTickStyle.Color = FigureColours.Ink;
        axis.TickLabelStyle.FontName = FigureFonts.Family;
        axis.TickLabelStyle.FontSize = TickSize;
        axis.TickLabelStyle.ForeColor = FigureColours.Ink;
        axis.TickLabelStyle.OffsetY = Drop * TickSize;
        axis.Label.Text = description.Name;
        axis.Label.FontName = FigureFonts.Family;
        axis.Label.FontSize = AxisSize;
        axis.Label.Bold = false;
        axis.Label.ForeColor = FigureColours.Ink;
    }
}

/// <summary>An axis: what it measures, from where to where, and where it is marked.</summary>
/// <param name="Name">What it measures, with its unit.</param>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Ticks">The marks.</param>
/// <param name="Unit">What follows each number, for example °.</param>
internal sealed record FigureAxis(string Name, double Low, double High, IReadOnlyList<double> Ticks, string Unit = "")
{
    /// <summary>An axis that is marked at even steps.</summary>
    public static FigureAxis Even(string name, double low, double high, double step, string unit = "")
    {
        double first = Math.Ceiling((low / step) - 1e-9) * step;
        int count = (int)Math.Floor(((high - first) / step) + 1e-9) + 1;
        return new FigureAxis(name, low, high, [.. Enumerable.Range(0, count).Select(i => Math.Round(first + (i * step), 10))], unit);
    }

    /// <summary>An axis from 0 to a little above a value, marked at round steps.</summary>
    public static FigureAxis UpTo(string name, double highest) => Around(name, 0, highest);

    /// <summary>An axis that holds 0 and all values with a little room, marked at round steps.</summary>
    public static FigureAxis Around(string name, double lowest, double highest)
    {
        (double low, double high) = (Math.Min(0, lowest), Math.Max(0, highest));
        double rough = Math.Max(high - low, 1e-12) / 5;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= rough * 0.999) * power;
        return Even(name, low * 1.08, high * 1.08, step);
    }

    /// <summary>A mark as it is written, with a proper minus sign.</summary>
    public string Written(double tick) => tick.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−') + Unit;
}
