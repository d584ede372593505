using System.Globalization;
using Semblance.Evaluation.Reports.Charts;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Reports;

/// <summary>The figures of verification experiments. All are drawn from the scores, so they hold for any system's.</summary>
public static class VerificationCharts
{
    private const int HistogramBins = 60;
    private const int ThresholdSteps = 400;

    /// <summary>ROC curves over a logarithmic false accept rate, with the chance line and the region that fewer than 30 false accepts support.</summary>
    /// <param name="models">Experiments on the same pairs.</param>
    public static LineChart Roc(IReadOnlyList<ReportedModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        int impostors = models.Max(m => m.Report.ImpostorPairs);
        double low = Math.Pow(10, Math.Floor(Math.Log10(1.0 / Math.Max(10, impostors)) + 1e-9));
        double coarse = Math.Min(1, 30.0 / impostors);
        double[] decades = [.. Enumerable.Range(0, 101).Select(i => Math.Pow(10, Math.Log10(low) * (1 - (i / 100.0))))];
        var chance = new ChartSeries("chance", decades, decades) { Reference = true };
        ChartSeries[] curves = [.. models.Select(m => Curve(m, low))];
        return new LineChart(
            "ROC",
            new ChartAxis("false accept rate (FMR)") { Logarithmic = true, Minimum = low, Maximum = 1 },
            new ChartAxis("true accept rate") { Minimum = 0, Maximum = 1, Format = AxisFormat.Percent },
            [.. curves, chance])
        {
            Marks = [new ChartMark("under 30 false accepts", low) { To = coarse }],
            Caption = string.Create(CultureInfo.InvariantCulture, $"Higher is better. In the shaded region fewer than 30 of the {HtmlText.Count(impostors)} impostor pairs are accepted, too few to place the curve within ±30\u202f% (rule of 30)."),
        };
    }

    /// <summary>Histograms of genuine and impostor scores, each as shares of its kind, with the threshold.</summary>
    /// <param name="report">The experiment; needs its scored pairs.</param>
    public static LineChart Histogram(VerificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (double low, double high) = Range(report);
        double[] edges = [.. Enumerable.Range(0, HistogramBins + 1).Select(i => low + ((high - low) * i / HistogramBins))];
        return new LineChart(
            "Scores",
            new ChartAxis("cosine similarity") { Minimum = low, Maximum = high },
            new ChartAxis("share of pairs") { Minimum = 0, Format = AxisFormat.Percent },
            Bins("impostor", same: false, 2),
            Bins("genuine", same: true, 1))
        {
            Marks = [new ChartMark("threshold " + HtmlText.Cosine(report.Threshold), report.Threshold)],
            Caption = "Genuine pairs show one person, impostor pairs two. Where the two overlap, any threshold errs.",
        };

        ChartSeries Bins(string name, bool same, int color)
        {
            double[] shares = new double[HistogramBins + 1];
            int total = same ? report.GenuinePairs : report.ImpostorPairs;
            foreach (ScoredPair pair in report.ScoredPairs.Where(p => p.Same == same && double.IsFinite(p.Score)))
            {
                shares[Math.Clamp((int)((pair.Score - low) / (high - low) * HistogramBins), 0, HistogramBins - 1)] += 1.0 / total;
            }

            return new ChartSeries(name, edges, shares) { Shape = SeriesShape.Bins, Color = color };
        }
    }

    /// <summary>False match and false non-match rate against the threshold.</summary>
    /// <param name="report">The experiment; needs its scored pairs.</param>
    public static LineChart ErrorRates(VerificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (double low, double high) = Range(report);
        double[] thresholds = [.. Enumerable.Range(0, ThresholdSteps + 1).Select(i => low + ((high - low) * i / ThresholdSteps))];
        return new LineChart(
            "Error rates against threshold",
            new ChartAxis("threshold (cosine similarity)") { Minimum = low, Maximum = high },
            new ChartAxis("error rate") { Minimum = 0, Maximum = 1, Format = AxisFormat.Percent },
            new ChartSeries("FNMR: genuine pairs rejected", thresholds, Rates(same: true)) { Shape = SeriesShape.Steps, Color = 1 },
            new ChartSeries("FMR: impostor pairs accepted", thresholds, Rates(same: false)) { Shape = SeriesShape.Steps, Color = 2 })
        {
            Marks = [new ChartMark($"EER {HtmlText.Percent(report.Eer)} at {HtmlText.Cosine(report.EerThreshold)}", report.EerThreshold)],
            Caption = "Raising the threshold trades one error for the other; they are equal at the dotted line.",
        };

        double[] Rates(bool same)
        {
            double[] sorted = [.. report.ScoredPairs.Where(p => p.Same == same).Select(p => p.Score).Order()];
            var rates = new double[thresholds.Length];
            for (int i = 0, below = 0; i < thresholds.Length; i++)
            {
                while (below < sorted.Length && sorted[below] < thresholds[i])
                {
                    below++;
                }

                rates[i] = (double)(same ? below : sorted.Length - below) / sorted.Length;
            }

            return rates;
        }
    }

    /// <summary>Accuracy of each fold, with the mean and one standard error to each side.</summary>
    /// <param name="report">The experiment.</param>
    public static LineChart Folds(VerificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        double[] numbers = [.. Enumerable.Range(1, report.Folds.Count).Select(i => (double)i)];
        AxisTick[] ticks = [.. report.Folds.Select((f, i) => new AxisTick(i + 1, f.Fold.ToString(CultureInfo.InvariantCulture)))];
        double error = report.AccuracyStandardError ?? 0;
        double lowest = Math.Min(report.Folds.Min(f => f.Accuracy), report.Accuracy - error);
        double highest = Math.Max(report.Folds.Max(f => f.Accuracy), report.Accuracy + error);
        double pad = Math.Max(0.01, (highest - lowest) * 0.3);
        var mean = new ChartMark("", report.Accuracy) { Horizontal = true };
        ChartMark[] marks = report.AccuracyStandardError is null
            ? [mean]
            : [new ChartMark("", report.Accuracy - error) { To = report.Accuracy + error, Horizontal = true }, mean];
        return new LineChart(
            "Accuracy per fold",
            new ChartAxis("fold") { Ticks = ticks, Minimum = 0.5, Maximum = report.Folds.Count + 0.5 },
            new ChartAxis("accuracy") { Minimum = Math.Max(0, Math.Floor((lowest - pad) * 100) / 100), Maximum = Math.Min(1, Math.Ceiling((highest + pad) * 100) / 100), Format = AxisFormat.Percent },
            new ChartSeries("accuracy", numbers, [.. report.Folds.Select(f => f.Accuracy)]) { Shape = SeriesShape.Points })
        {
            Marks = marks,
            Caption = report.AccuracyOptimistic
                ? "One fold only: its threshold was chosen on itself, so this is an upper bound."
                : $"Each fold is decided by the threshold that is best on the others. Line: mean; band: one standard error to each side ({HtmlText.PercentWithError(report.Accuracy, report.AccuracyStandardError)}). The axis does not start at 0.",
        };
    }

    private static ChartSeries Curve(ReportedModel model, double low)
    {
        ComparisonScores scores = ComparisonScores.Create(
            [.. model.Report.ScoredPairs.Select(p => p.Score)], [.. model.Report.ScoredPairs.Select(p => p.Same)]);

        // Of the points with equally many false accepts the last has the highest TAR; it holds until the next false accept.
        RocPoint[] roc = VerificationMetrics.Roc(scores);
        RocPoint[] corners = [.. roc.Where((p, i) => i == roc.Length - 1 || roc[i + 1].FalseAccepts != p.FalseAccepts)];
        return new ChartSeries(model.Name, [.. corners.Select(p => p.FalseAccepts == 0 ? low : p.Far)], [.. corners.Select(p => p.Tar)]) { Shape = SeriesShape.Steps };
    }

    private static (double Low, double High) Range(VerificationReport report)
    {
        double[] finite = [.. report.ScoredPairs.Select(p => p.Score).Where(double.IsFinite)];
        double low = finite.Length == 0 ? 0 : finite.Min();
        double high = finite.Length == 0 ? 1 : finite.Max();
        double pad = Math.Max(1e-3, (high - low) * 0.02);
        return (low - pad, high + pad);
    }
}
