using ScottPlot;
using SkiaSharp;

namespace Semblance.Laboratory.Figures;

/// <summary>The names of curves, written beside their ends in the right margin: moved apart where they would touch, each led to its curve.</summary>
internal sealed class EdgeLabels : IPlottable, IRenderLast
{
    private const float Gap = 14;
    private const float Leader = 12;
    private const float LineHeight = FigurePanel.LabelSize + 4;

    private readonly List<EdgeLabel> _labels = [];

    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public IAxes Axes { get; set; } = new Axes();

    /// <inheritdoc/>
    public IEnumerable<LegendItem> LegendItems => [];

    /// <summary>Adds a name at a height of the vertical axis.</summary>
    public void Add(EdgeLabel label) => _labels.Add(label);

    /// <inheritdoc/>
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    /// <inheritdoc/>
    public void Render(RenderPack rp)
    {
        // Nothing within the clipped data area.
    }

    /// <inheritdoc/>
    public void RenderLast(RenderPack rp)
    {
        EdgeLabel[] ordered = [.. _labels.OrderByDescending(label => label.Y)];
        float[] wanted = [.. ordered.Select(label => Axes.YAxis.GetPixel(label.Y, rp.DataRect))];
        float[] heights = [.. ordered.Select(label => label.Lines * LineHeight)];
        float[] placed = Spread(wanted, heights, rp.DataRect.Top - (LineHeight / 2), rp.DataRect.Bottom + 2);
        for (int i = 0; i < ordered.Length; i++)
        {
            float x = rp.DataRect.Right;
            var line = new LineStyle { Color = ordered[i].Colour.WithAlpha(.75), Width = 1 };
            Drawing.DrawLine(rp.Canvas, rp.Paint, new Pixel(x + 2, wanted[i]), new Pixel(x + Leader, placed[i]), line);
            LabelStyle style = FigurePanel.Text(ordered[i].Text, FigurePanel.LabelSize, FigureColours.ForText(ordered[i].Colour));
            style.Alignment = Alignment.MiddleLeft;
            style.Render(rp.Canvas, new Pixel(x + Gap, placed[i]), rp.Paint);
        }
    }

    /// <summary>The nearest places to the wanted ones (in order of height) at which labels do not touch, within bounds where there is room.</summary>
    /// <param name="wanted">The middles wanted, rising.</param>
    /// <param name="heights">The labels' heights.</param>
    /// <param name="top">The upper bound.</param>
    /// <param name="bottom">The lower bound.</param>
    internal static float[] Spread(float[] wanted, float[] heights, float top, float bottom)
    {
        double[] offsets = new double[wanted.Length];
        for (int i = 1; i < wanted.Length; i++)
        {
            offsets[i] = offsets[i - 1] + ((heights[i - 1] + heights[i]) / 2);
        }

        // Pool adjacent violators: places less their offset must not fall; each pool sits at the mean of what its members want.
        List<(double Mean, int Count)> pools = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            pools.Add((wanted[i] - offsets[i], 1));
            while (pools.Count > 1 && pools[^2].Mean > pools[^1].Mean)
            {
                (double meanA, int countA) = pools[^2];
                (double meanB, int countB) = pools[^1];
                pools.RemoveRange(pools.Count - 2, 2);
                pools.Add((((meanA * countA) + (meanB * countB)) / (countA + countB), countA + countB));
            }
        }

        float[] placed = new float[wanted.Length];
        int at = 0;
        foreach ((double mean, int count) in pools)
        {
            for (int i = 0; i < count; i++, at++)
            {
                double highest = top + (heights[0] / 2);
                double lowest = bottom - (heights[^1] / 2) - offsets[^1];
                placed[at] = (float)(Math.Clamp(mean, highest, Math.Max(highest, lowest)) + offsets[at]);
            }
        }

        return placed;
    }
}

/// <summary>A name in the right margin.</summary>
/// <param name="Text">The name.</param>
/// <param name="Y">Where its curve ends.</param>
/// <param name="Colour">The curve's colour.</param>
internal readonly record struct EdgeLabel(string Text, double Y, Color Colour)
{
    /// <summary>How many lines the name takes.</summary>
    public int Lines => Text.Count(letter => letter == '\n') + 1;
}
