using Semblance.IO;

namespace Semblance.Laboratory.Figures;

/// <summary>Writes figures as files.</summary>
public static class FigureFiles
{
    /// <summary>Draws a figure and writes it; files appear whole or not at all.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="folder">Where to; it is made if need be.</param>
    /// <param name="svg">Whether to write NAME.svg.</param>
    /// <param name="png">Whether to write NAME.png.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="SemblanceException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(IFigure figure, string folder, bool svg, bool png)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using FigureDrawing drawing = figure.Draw();
        List<string> files = [];
        if (svg)
        {
            files.Add(Path.Combine(folder, figure.Name + ".svg"));
            AtomicFile.WriteText(files[^1], drawing.ToSvg(figure.Title));
        }

        if (png)
        {
            files.Add(Path.Combine(folder, figure.Name + ".png"));
            AtomicFile.Write(files[^1], stream => stream.Write(drawing.ToPng()));
        }

        return files;
    }
}
