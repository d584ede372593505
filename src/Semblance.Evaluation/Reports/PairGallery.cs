using System.Globalization;
using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>A picture to embed in a page.</summary>
/// <param name="Name">What it shows, for example the image's path.</param>
/// <param name="MediaType">For example image/jpeg.</param>
/// <param name="Bytes">The encoded file.</param>
public sealed record ReportImage(string Name, string MediaType, byte[] Bytes);

/// <summary>Two pictures that were compared.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="Score">Their similarity.</param>
/// <param name="Verdict">What was made of it, for example "wrongly accepted"; empty where the decision was right.</param>
public sealed record ReportPair(ReportImage First, ReportImage Second, double Score, string Verdict = "");

/// <summary>Compared pictures side by side with their similarity; embedded in the page.</summary>
/// <param name="Title">What the pairs have in common.</param>
/// <param name="Pairs">The pairs, worst first.</param>
public sealed record PairGallery(string Title, IReadOnlyList<ReportPair> Pairs) : IReportPart
{
    /// <inheritdoc/>
    public void AppendTo(StringBuilder html)
    {
        ArgumentNullException.ThrowIfNull(html);
        html.Append("<h3>").Append(HtmlText.Encode(Title)).Append("</h3><div class=\"pairs\">");
        foreach (ReportPair pair in Pairs)
        {
            html.Append("<div class=\"pair\"><div class=\"faces\">");
            foreach (ReportImage image in new[] { pair.First, pair.Second })
            {
                string name = HtmlText.Encode(image.Name);
                html.Append(CultureInfo.InvariantCulture, $"<img alt=\"{name}\" title=\"{name}\" src=\"data:{HtmlText.Encode(image.MediaType)};base64,{Convert.ToBase64String(image.Bytes)}\">");
            }

            html.Append("</div><p><b>").Append(HtmlText.Cosine(pair.Score)).Append("</b>");
            html.Append(pair.Verdict.Length > 0 ? $" <span class=\"wrong\">{HtmlText.Encode(pair.Verdict)}</span>" : "");
            html.Append("<br>").Append(ShortName(pair.First.Name)).Append("<br>").Append(ShortName(pair.Second.Name)).Append("</p></div>");
        }

        html.Append("</div>");
    }

    private static string ShortName(string path) => HtmlText.Encode(Path.GetFileNameWithoutExtension(path).Replace('_', ' '));
}
