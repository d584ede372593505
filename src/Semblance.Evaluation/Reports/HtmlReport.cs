using System.Text;
using Semblance.IO;

namespace Semblance.Evaluation.Reports;

/// <summary>
/// A page in one file that needs no network: figures as SVG, pictures embedded, numbers as JSON beside the figures they belong to. Follows the
/// reader's light or dark theme and prints on white.
/// </summary>
public sealed class HtmlReport
{
    private readonly List<IReportPart> _parts = [];

    /// <summary>Starts a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="subtitle">What was measured on what, in one line; may be empty.</param>
    public HtmlReport(string title, string subtitle = "") => (Title, Subtitle) = (title, subtitle);

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>The line below the title.</summary>
    public string Subtitle { get; }

    /// <summary>Adds pieces below those that are there.</summary>
    /// <param name="parts">The pieces, in order.</param>
    /// <returns>This page.</returns>
    public HtmlReport Add(params IReadOnlyList<IReportPart> parts)
    {
        _parts.AddRange(parts);
        return this;
    }

    /// <summary>The page as HTML.</summary>
    public string ToHtml()
    {
        string title = HtmlText.Encode(Title);
        StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">")
            .Append("<title>").Append(title).Append("</title><style>").Append(ReportStyle.Css).AppendJoin("", _parts.Select(part => part.Css).Distinct()).Append("</style></head>\n<body><main><header><h1>")
            .Append(title).Append("</h1>");
        if (Subtitle.Length > 0)
        {
            html.Append("<p class=\"subtitle\">").Append(HtmlText.Encode(Subtitle)).Append("</p>");
        }

        html.Append("</header>\n");
        foreach (IReportPart part in _parts)
        {
            part.AppendTo(html);
            html.Append('\n');
        }

        return html.Append("</main></body></html>\n").ToString();
    }

    /// <summary>Writes the page; the file appears whole or not at all.</summary>
    /// <param name="path">The target; replaced where it exists.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, ToHtml());
}
