using Semblance.Evaluation.Reports;
using Semblance.IO;

namespace Semblance.Laboratory.Figures;

/// <summary>The page that shows the laboratory's figures; it needs no network, and no file beside it but for the links.</summary>
public static class LaboratoryPage
{
    /// <summary>The page's file within its folder.</summary>
    public const string FileName = "index.html";

    /// <summary>Draws all figures into a folder, as SVG and PNG, and writes the page that shows them.</summary>
    /// <param name="folder">Where to; it is made if need be.</param>
    /// <param name="sections">What the page shows.</param>
    /// <param name="cancellationToken">Ends the work between two figures.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="SemblanceException">A file cannot be written.</exception>
    /// <exception cref="ArgumentException">Two figures have one name.</exception>
    public static string Write(string folder, IReadOnlyList<LaboratorySection> sections, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(sections);
        if (sections.SelectMany(section => section.Figures).GroupBy(figure => figure.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two figures are called '{twice.Key}'.", nameof(sections));
        }

        var report = new HtmlReport("The laboratory", "What losses and sampling do, drawn from the objects that training uses");
        foreach (LaboratorySection section in sections)
        {
            report.Add(new ReportHeading(section.Title, section.Lead), new FigurePart([.. section.Figures.Select(figure => Draw(figure, folder, cancellationToken))]));
        }

        string page = Path.Combine(folder, FileName);
        report.Write(page);
        return page;
    }

    private static DrawnFigure Draw(IFigure figure, string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using FigureDrawing drawing = figure.Draw();
        string svg = drawing.ToSvg(figure.Title);
        string[] files = [Path.Combine(folder, figure.Name + ".svg"), Path.Combine(folder, figure.Name + ".png")];
        AtomicFile.WriteText(files[0], svg);
        AtomicFile.Write(files[1], stream => stream.Write(drawing.ToPng()));
        return new DrawnFigure(figure, svg, drawing.Width, files);
    }
}
