using System.Text;

namespace Semblance.Evaluation.Reports;

/// <summary>A piece of a report page. Pages are composed of these; other rooms may add their own.</summary>
public interface IReportPart
{
    /// <summary>Appends the piece as HTML; text must be escaped, and nothing may be fetched from outside the page.</summary>
    /// <param name="html">The page so far.</param>
    void AppendTo(StringBuilder html);

    /// <summary>Rules that the page's style sheet gets once for all pieces that bring the same ones; empty for none.</summary>
    string Css => "";
}
