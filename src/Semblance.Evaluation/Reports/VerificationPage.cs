using System.Globalization;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Reports;

/// <summary>The report page of a verification experiment: headline, comparison, curves, operating points, the hardest pairs.</summary>
public sealed class VerificationPage
{
    private const int HardestPairs = 8;

    /// <summary>Describes the page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="models">The model that the page is about first, then what it is compared with on the same pairs.</param>
    /// <exception cref="ArgumentException">There is no model, or one lacks its scored pairs.</exception>
    public VerificationPage(string title, params IReadOnlyList<ReportedModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0 || models.Any(m => m.Report.ScoredPairs.Count == 0))
        {
            throw new ArgumentException("at least one model, each with its scored pairs, is expected.", nameof(models));
        }

        (Title, Models) = (title, models);
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>The models, the page's subject first.</summary>
    public IReadOnlyList<ReportedModel> Models { get; }

    /// <summary>What was measured on what, in one line.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>What a reader needs to know of the run, as names and values: data, backbone, loss, fingerprint, command line.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>Pictures for the hardest pairs; without, the pairs are listed by name.</summary>
    public FaceThumbnails? Thumbnails { get; init; }

    /// <summary>Composes the page; more parts can be added to it before it is written.</summary>
    public HtmlReport ToReport()
    {
        VerificationReport main = Models[0].Report;
        HtmlReport page = new HtmlReport(Title, Subtitle).Add(Headline(main));
        if (Models.Count > 1)
        {
            page.Add(
                new ReportHeading("Compared", "The same pairs, the same protocol. What nothing but pixels or random weights can do is the floor that a result stands on."),
                Comparison());
        }

        page.Add(
            new ReportHeading("Curves"),
            new FigureRow(
                VerificationCharts.Roc(Models), VerificationCharts.Histogram(main), VerificationCharts.ErrorRates(main), VerificationCharts.Folds(main)),
            new ReportHeading(
                "Operating points",
                "The share of genuine pairs accepted when at most a given share of impostor pairs is. A rate below one in the number of impostor pairs cannot be measured and is set in grey; with fewer than 30 false accepts it is coarse."),
            OperatingPoints(main));
        AddHardest(page, main);
        if (Facts.Count > 0)
        {
            page.Add(
                new ReportHeading("Run"),
                new ReportTable(["", ""], [.. Facts.Select(f => (IReadOnlyList<string>)[f.Name, f.Value])]) { TextOnly = true });
        }

        return page;
    }

    private static HeadlineFigures Headline(VerificationReport report)
    {
        OperatingPoint strictest = report.TarAtFar.Values.Where(p => p.Supported).DefaultIfEmpty(report.TarAtFar.Values.First()).MinBy(p => p.FarTarget)!;
        string folds = report.AccuracyOptimistic
            ? "one fold, threshold chosen on itself: optimistic"
            : $"± {HtmlText.Percent(report.AccuracyStandardError ?? 0)} standard error over {report.Folds.Count} folds, threshold from the other folds";
        return new HeadlineFigures(
            new HeadlineFigure("Accuracy", HtmlText.Percent(report.Accuracy), folds),
            new HeadlineFigure("ROC AUC", report.Auc.ToString("F4", CultureInfo.InvariantCulture), "chance a genuine pair outscores an impostor pair"),
            new HeadlineFigure("Equal error rate", HtmlText.Percent(report.Eer), "at cosine " + HtmlText.Cosine(report.EerThreshold)),
            new HeadlineFigure(
                "TAR at FAR " + VerificationReport.FarKey(strictest.FarTarget),
                HtmlText.Percent(strictest.Tar),
                strictest.Supported
                    ? $"{strictest.FalseAccepts} false accept{(strictest.FalseAccepts == 1 ? "" : "s")} in {HtmlText.Count(strictest.ImpostorPairs)} impostor pairs"
                    : "not supported by so few impostor pairs"),
            new HeadlineFigure("Pairs", HtmlText.Count(report.Pairs), $"{HtmlText.Count(report.GenuinePairs)} genuine, {HtmlText.Count(report.ImpostorPairs)} impostor"));
    }

    private ReportTable Comparison()
    {
        string[] keys = [.. Models[0].Report.TarAtFar.Where(p => p.Value.Supported).Select(p => p.Key)];
        IReadOnlyList<string>[] rows = [.. Models.Select(m => (IReadOnlyList<string>)
        [
            m.Name,
            HtmlText.PercentWithError(m.Report.Accuracy, m.Report.AccuracyStandardError),
            m.Report.Auc.ToString("F4", CultureInfo.InvariantCulture),
            HtmlText.Percent(m.Report.Eer),
            .. keys.Select(k => m.Report.TarAtFar.TryGetValue(k, out OperatingPoint? point) ? HtmlText.Percent(point.Tar) : "–"),
            m.Report.ImagesPerSecond > 0 ? HtmlText.Count((long)Math.Round(m.Report.ImagesPerSecond)) : "–",
        ])];
        return new ReportTable(["", "accuracy", "AUC", "EER", .. keys.Select(k => $"TAR@{k}"), "images/s"], rows) { Strong = [0] };
    }

    private static ReportTable OperatingPoints(VerificationReport report)
    {
        OperatingPoint[] points = [.. report.TarAtFar.Values];
        IReadOnlyList<string>[] rows = [.. points.Select(p => (IReadOnlyList<string>)
        [
            VerificationReport.FarKey(p.FarTarget),
            HtmlText.Percent(p.Tar),
            p.Threshold is { } threshold ? HtmlText.Cosine(threshold) : "–",
            HtmlText.Percent(p.FarAchieved, 3),
            HtmlText.Count(p.FalseAccepts),
            HtmlText.Count(p.ImpostorPairs),
            !p.Supported ? "not supported" : p.RuleOf30 ? "yes" : "coarse (under 30)",
        ])];
        return new ReportTable(["FAR at most", "TAR", "threshold", "FAR measured", "false accepts", "impostor pairs", "supported"], rows)
        {
            Faint = [.. Enumerable.Range(0, points.Length).Where(i => !points[i].Supported)],
        };
    }

    private void AddHardest(HtmlReport page, VerificationReport report)
    {
        ScoredPair[] impostors = [.. report.ScoredPairs.Where(p => !p.Same).OrderByDescending(p => p.Score).Take(HardestPairs)];
        ScoredPair[] genuine = [.. report.ScoredPairs.Where(p => p.Same).OrderBy(p => p.Score).Take(HardestPairs)];
        page.Add(new ReportHeading(
            "Hardest pairs",
            $"Where the model is most wrong, at the threshold {HtmlText.Cosine(report.Threshold)}. Look here first for wrong labels and bad crops."));
        page.Add(
            Pairs("Two people, most alike", impostors, report.Threshold),
            Pairs("One person, least alike", genuine, report.Threshold));
    }

    private IReportPart Pairs(string title, ScoredPair[] pairs, double threshold)
    {
        if (Thumbnails is null)
        {
            return new ReportTable([title, "", "cosine", ""], [.. pairs.Select(p => (IReadOnlyList<string>)[p.First, p.Second, HtmlText.Cosine(p.Score), Verdict(p)])]);
        }

        return new PairGallery(title, [.. pairs.Select(p => new ReportPair(Thumbnails.Read(p.First), Thumbnails.Read(p.Second), p.Score, Verdict(p)))]);

        string Verdict(ScoredPair pair) => (pair.Score >= threshold, pair.Same) switch
        {
            (true, false) => "wrongly accepted",
            (false, true) => "wrongly rejected",
            _ => "",
        };
    }
}
