using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>Starts a section.</summary>
/// <param name="Text">The heading.</param>
/// <param name="Lead">What the section shows and how to read it, as plain text; may be empty.</param>
public sealed record ReportHeading(string Text, string Lead = "") : IReportPart
{
    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<h2>").Append(HtmlText.Encode(Text)).Append("</h2>");
        if (Lead.Length > 0)
        {
            html.Append("<p class=\"lead\">").Append(HtmlText.Encode(Lead)).Append("</p>");
        }
    }
}
