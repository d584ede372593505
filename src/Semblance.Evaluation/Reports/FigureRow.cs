using System.Text;
using Semblance.Evaluation.Reports.Charts;

namespace Semblance.Evaluation.Reports;

/// <summary>Charts beside each other where the page is wide enough, each with legend, caption and the numbers behind it as JSON.</summary>
/// <param name="Charts">The charts.</param>
public sealed record FigureRow(params IReadOnlyList<LineChart> Charts) : IReportPart
{
    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<div class=\"figures\">");
        foreach (LineChart chart in Charts)
        {
            html.Append("<figure><h3>").Append(HtmlText.Encode(chart.Title)).Append("</h3>");
            if (chart.Series.Count > 1)
            {
                html.Append("<ul class=\"legend\">");
                for (int i = 0; i < chart.Series.Count; i++)
                {
                    string key = chart.Series[i].Shape switch { SeriesShape.Points => "dot-key", SeriesShape.Bins => "area-key", _ => "line-key" };
                    html.Append($"<li><span class=\"key {key} {chart.ColorClass(i)}\"></span>{HtmlText.Encode(chart.Series[i].Name)}</li>");
                }

                html.Append("</ul>");
            }

            html.Append(chart.ToSvg());
            html.Append(chart.Caption.Length > 0 ? $"<figcaption>{HtmlText.Encode(chart.Caption)}</figcaption>" : "");

            // The serialiser's default encoder escapes '<', so the numbers cannot close the element.
            html.Append("<script type=\"application/json\">").Append(chart.ToJson().ToJsonString()).Append("</script></figure>");
        }

        html.Append("</div>");
    }
}
