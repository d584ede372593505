using System.Net;
using System.Text;
using Semblance.Evaluation.Reports;

namespace Semblance.Laboratory.Figures;

/// <summary>Figures on a page, side by side where there is room: each with what one sees in it and the command that made it. The page holds the drawings themselves.</summary>
internal sealed class FigurePart : IReportPart
{
    // Wider ones take a row of the page for themselves.
    private const int WidestOfTwo = 1000;

    private readonly IReadOnlyList<DrawnFigure> _figures;

    /// <summary>Creates the piece.</summary>
    /// <param name="figures">The figures, in order.</param>
    public FigurePart(IReadOnlyList<DrawnFigure> figures) => _figures = figures;

    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<div class=\"figures\">");
        foreach (DrawnFigure drawn in _figures)
        {
            string title = WebUtility.HtmlEncode(drawn.Figure.Title);
            html.Append(drawn.Width > WidestOfTwo ? "<figure class=\"wide\">" : "<figure>")
                .Append("<img class=\"plot\" alt=\"").Append(title).Append("\" src=\"data:image/svg+xml;base64,")
                .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(drawn.Svg))).Append("\"><figcaption><b>").Append(title).Append(".</b> ")
                .Append(WebUtility.HtmlEncode(drawn.Figure.Caption))
                .Append("<br><code>").Append(WebUtility.HtmlEncode(drawn.Figure.Command)).Append("</code>");
            foreach (string file in drawn.Files)
            {
                string name = Path.GetFileName(file);
                html.Append(" · <a href=\"").Append(Uri.EscapeDataString(name)).Append("\">").Append(Path.GetExtension(name)[1..].ToUpperInvariant()).Append("</a>");
            }

            html.Append("</figcaption></figure>\n");
        }

        html.Append("</div>");
    }
}

/// <summary>A figure that was drawn and written.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Svg">Its drawing.</param>
/// <param name="Width">The drawing's width in pixels.</param>
/// <param name="Files">The files written, in the page's folder.</param>
internal sealed record DrawnFigure(IFigure Figure, string Svg, int Width, IReadOnlyList<string> Files);
