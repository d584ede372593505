using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>A table. The first column is text and names the row; the others are figures, set flush right.</summary>
/// <param name="Columns">Column headings.</param>
/// <param name="Rows">Rows of as many cells; plain text.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : IReportPart
{
    /// <summary>What the table shows; may be empty.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Indices of rows to set in bold: the page's subject among others.</summary>
    public IReadOnlyCollection<int> Strong { get; init; } = [];

    /// <summary>Indices of rows to set in grey: figures that the data cannot support.</summary>
    public IReadOnlyCollection<int> Faint { get; init; } = [];

    /// <summary>True where all columns are text, set flush left.</summary>
    public bool TextOnly { get; init; }

    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append(TextOnly ? "<div class=\"scroll\"><table class=\"text\">" : "<div class=\"scroll\"><table>");
        html.Append(Caption.Length > 0 ? $"<caption>{HtmlText.Encode(Caption)}</caption>" : "");
        if (Columns.Any(c => c.Length > 0))
        {
            html.Append("<thead><tr>");
            foreach (string column in Columns)
            {
                html.Append("<th scope=\"col\">").Append(HtmlText.Encode(column)).Append("</th>");
            }

            html.Append("</tr></thead>");
        }

        html.Append("<tbody>");
        for (int i = 0; i < Rows.Count; i++)
        {
            html.Append(Strong.Contains(i) ? "<tr class=\"strong\">" : Faint.Contains(i) ? "<tr class=\"faint\">" : "<tr>");
            for (int c = 0; c < Rows[i].Count; c++)
            {
                string cell = HtmlText.Encode(Rows[i][c]);
                html.Append(c == 0 ? $"<th scope=\"row\">{cell}</th>" : $"<td>{cell}</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>");
    }
}
