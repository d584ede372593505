using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>One large figure.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The figure with its unit.</param>
/// <param name="Note">What it rests on, in a few words; may be empty.</param>
public sealed record HeadlineFigure(string Label, string Value, string Note = "");

/// <summary>A row of large figures: what the page says, at a glance.</summary>
/// <param name="Figures">The figures; three to six read best.</param>
public sealed record HeadlineFigures(params IReadOnlyList<HeadlineFigure> Figures) : IReportPart
{
    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<dl class=\"headline\">");
        foreach (HeadlineFigure figure in Figures)
        {
            html.Append("<div><dt>").Append(HtmlText.Encode(figure.Label)).Append("</dt><dd>").Append(HtmlText.Encode(figure.Value)).Append("</dd>");
            html.Append(figure.Note.Length > 0 ? $"<dd class=\"note\">{HtmlText.Encode(figure.Note)}</dd>" : "").Append("</div>");
        }

        html.Append("</dl>");
    }
}
