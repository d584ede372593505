using ScottPlot;
using SkiaSharp;

namespace Semblance.Laboratory.Figures;

/// <summary>A drawn figure: one or more panels side by side, or in rows, as SVG or PNG.</summary>
public sealed class FigureDrawing : IDisposable
{
    // Sharp on screens with two pixels a point, and in print at half size.
    private const int PngScale = 2;

    private readonly FigurePanel[] _panels;
    private readonly Plot[] _plots;
    private readonly int _columns;
    private readonly (int Width, int Height) _panel;

    /// <summary>Joins panels side by side.</summary>
    /// <param name="width">Width of one panel in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="panels">The panels from left to right; the drawing owns them.</param>
    internal FigureDrawing(int width, int height, params FigurePanel[] panels)
        : this(panels.Length, (width, height), panels)
    {
    }

    /// <summary>Joins panels in rows.</summary>
    /// <param name="columns">Panels in a row; the last row may have fewer.</param>
    /// <param name="panel">Size of one panel in pixels.</param>
    /// <param name="panels">The panels, row by row; the drawing owns them.</param>
    internal FigureDrawing(int columns, (int Width, int Height) panel, IReadOnlyList<FigurePanel> panels)
    {
        (_panels, _columns, _panel) = ([.. panels], columns, panel);
        (Width, Height) = (panel.Width * columns, panel.Height * ((panels.Count + columns - 1) / columns));
        _plots = [.. panels.Select(drawn => drawn.Finish())];
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The figure as an SVG document. Its words are text, to be searched and read aloud.</summary>
    /// <param name="title">Names the picture for those who cannot see it.</param>
    public string ToSvg(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        using (var nowhere = new SKNoDrawCanvas(Width, Height))
        {
            // A plot draws itself twice where it has not been drawn before; in a document both would stay.
            Draw(nowhere);
        }

        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream))
        {
            Draw(canvas);
        }

        return SvgDocument.Tidy(System.Text.Encoding.UTF8.GetString(stream.ToArray()), title);
    }

    /// <summary>The figure as a PNG file, two pixels for each of the SVG's.</summary>
    public byte[] ToPng()
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Width * PngScale, Height * PngScale));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FigurePanel panel in _panels)
        {
            panel.Dispose();
        }
    }

    private void Draw(SKCanvas canvas)
    {
        if (_plots.Length % _columns != 0)
        {
            // No plot clears the places that the last row leaves empty.
            canvas.Clear(SKColors.White);
        }

        for (int i = 0; i < _plots.Length; i++)
        {
            (int left, int top) = (i % _columns * _panel.Width, i / _columns * _panel.Height);
            // A plot clears what it is given before it draws.
            canvas.Save();
            canvas.ClipRect(SKRect.Create(left, top, _panel.Width, _panel.Height));
            _plots[i].Render(canvas, new PixelRect(left, left + _panel.Width, top + _panel.Height, top));
            canvas.Restore();
        }
    }
}
