using System.Globalization;
using Semblance.Evaluation.Reports;
using Semblance.Evaluation.Reports.Charts;
using Semblance.Laboratory.Runs;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Comparing;

/// <summary>A comparison on one page.</summary>
internal static class ComparisonPage
{
    private const int SeriesOfAChart = 6;

    /// <summary>Makes the page; the curves are read from the runs' folders.</summary>
    public static HtmlReport Of(ComparisonReport report)
    {
        var page = new HtmlReport(
            $"{string.Join(", ", report.Losses.Select(loss => loss.Loss))}",
            string.Create(CultureInfo.InvariantCulture, $"{report.Backbone} on {Path.GetFileName(report.Data.TrimEnd('/'))}, {report.Epochs} epochs, {report.Seeds.Count} seed{(report.Seeds.Count == 1 ? "" : "s")}; tested on {report.Pairs} pairs of {report.PeopleTested} people whom no run was trained on"));
        page.Add(Headline(report));
        page.Add(
            new ReportHeading("Accuracy", "Verification on the same pairs by every run: the threshold of each fold is chosen on the other folds. ± is the standard deviation over seeds, not the error of the mean."
                + (report.Optimistic ? " There is one fold only, so thresholds were chosen on the pairs they are tested on: these accuracies are upper bounds." : "")),
            Accuracies(report),
            new FigureRow(BySeed(report)));
        if (report.BestTwo is { } two)
        {
            page.Add(new ReportHeading($"{two.First} against {two.Second}", two.Verdict), Tests(two), Assumptions(two));
        }

        page.Add(new ReportHeading("Time and memory", "Each run is a process of its own, one at a time. Time is the wall time of its processes from start to end; memory is the most that was resident at one time."), Costs(report));
        IReadOnlyList<LineChart> curves = [.. report.Losses.Select(loss => Losses(report, loss.Loss)).OfType<LineChart>()];
        if (curves.Count > 0)
        {
            page.Add(new ReportHeading("Training loss", "One chart a loss, one curve a seed. The values of different losses cannot be compared with each other."), new FigureRow(curves));
        }

        LineChart[] common = [.. new[] { Common(report, "Accuracy on the batches", "accuracy", AxisFormat.Percent), Common(report, "Mean angle to the own class, degrees", "target_angle", AxisFormat.Number), Common(report, "Tuples that cost something", "active_share", AxisFormat.Percent) }.OfType<LineChart>()];
        if (common.Length > 0)
        {
            page.Add(new ReportHeading("In the course of training", FormattableString.Invariant($"With seed {report.Seeds[0]}, for the losses that have the figure.")), new FigureRow(common));
        }

        page.Add(new ReportHeading("Runs", "Each run's folder has a page of its own, report.html."), Runs(report));
        return page;
    }

    private static HeadlineFigures Headline(ComparisonReport report)
    {
        ComparedLoss best = report.Losses[0];
        List<HeadlineFigure> figures = [new("best accuracy", Accuracy(best), best.Loss)];
        if (report.BestTwo is { } two)
        {
            figures.Add(new HeadlineFigure("ahead of the second by", string.Create(CultureInfo.InvariantCulture, $"{100 * two.Difference:0.00} points"), two.Second + "; p " + string.Join(", ", two.Tests.Select(test => $"{P(test.P)} over {test.Over}"))));
        }

        figures.Add(new HeadlineFigure("runs", string.Create(CultureInfo.InvariantCulture, $"{report.Runs.Count(run => run.Finished)}"), report.Runs.Any(run => !run.Finished) ? $"{report.Runs.Count(run => !run.Finished)} failed" : ""));
        return new HeadlineFigures(figures);
    }

    private static ReportTable Accuracies(ComparisonReport report) => new(
        ["loss", "accuracy", "lowest", "highest", "AUC", "EER", "TAR @ FAR 1e-2", "runs"],
        [
            .. report.Losses.Select(loss => (IReadOnlyList<string>)
            [
                loss.Loss, Accuracy(loss), Percent(loss.LowestAccuracy), Percent(loss.HighestAccuracy), loss.Auc?.ToString("F4", CultureInfo.InvariantCulture) ?? "–",
                Percent(loss.Eer), Percent(loss.TarAtFar2), loss.Failed > 0 ? $"{loss.Finished} ({loss.Failed} failed)" : $"{loss.Finished}",
            ]),
        ])
    {
        Strong = [0],
    };

    private static LineChart BySeed(ComparisonReport report)
    {
        string[] names = [.. report.Losses.Where(loss => loss.Finished > 0).Select(loss => loss.Loss)];
        ChartSeries[] seeds =
        [
            .. report.Seeds.Take(SeriesOfAChart).Select(seed =>
            {
                (int Place, double Accuracy)[] points = [.. names.Index().SelectMany(name => report.Runs.Where(run => run.Finished && run.Seed == seed && run.Loss == name.Item).Select(run => (name.Index + 1, run.Accuracy)))];
                return new ChartSeries(FormattableString.Invariant($"seed {seed}"), [.. points.Select(point => (double)point.Place)], [.. points.Select(point => point.Accuracy)]) { Shape = SeriesShape.Points };
            }),
        ];
        return new LineChart(
            "Accuracy by seed",
            new ChartAxis("loss") { Minimum = 0.5, Maximum = names.Length + 0.5, Ticks = [.. names.Select((name, i) => new AxisTick(i + 1, Short(name, names)))] },
            new ChartAxis("accuracy") { Format = AxisFormat.Percent },
            seeds);
    }

    // Under the axis there is room for a word: the name where it is the only one of its kind, else what tells it apart.
    private static string Short(string label, string[] labels)
    {
        string[] words = label.Split(' ', 2);
        return words.Length < 2 || labels.Count(other => other.Split(' ', 2)[0] == words[0]) == 1 ? words[0] : words[1];
    }

    private static ReportTable Tests(PairedComparison two) => new(
        ["over", "units", "first better", "second better", "p"],
        [
            .. two.Tests.Select(test => (IReadOnlyList<string>)
            [
                test.Over, Count(test.Units), Count(test.FirstBetter), Count(test.SecondBetter), P(test.P),
            ]),
        ])
    {
        Caption = $"Two-sided exact sign-flip tests on the same pairs and seeds; the first is {two.First}, the second {two.Second}.",
    };

    private static ReportTable Assumptions(PairedComparison two) => new(
        ["over", "what the test says, and takes for granted"], [.. two.Tests.Select(test => (IReadOnlyList<string>)[test.Over, test.Assumption])])
    {
        TextOnly = true,
    };

    private static ReportTable Costs(ComparisonReport report) => new(
        ["loss", "time of a run, s", "images/s in steps", "peak memory, MB"],
        [
            .. report.Losses.Where(loss => loss.Finished > 0).Select(loss => (IReadOnlyList<string>)
            [
                loss.Loss, loss.Seconds!.Value.ToString("F1", CultureInfo.InvariantCulture), loss.ImagesPerSecond!.Value.ToString("F0", CultureInfo.InvariantCulture), Megabytes(loss.PeakMemory!.Value),
            ]),
        ]);

    private static ReportTable Runs(ComparisonReport report) => new(
        ["run", "loss", "seed", "accuracy", "steps", "time, s", "peak memory, MB", "processes", ""],
        [
            .. report.Runs.Select(run => (IReadOnlyList<string>)
            [
                Path.GetFileName(run.Run), run.Loss, run.Seed.ToString(CultureInfo.InvariantCulture), run.Finished ? Percent(run.Accuracy) : "–", Count(run.Steps),
                run.Seconds.ToString("F1", CultureInfo.InvariantCulture), Megabytes(run.PeakMemory), Count(run.Processes), run.Failure ?? "",
            ]),
        ])
    {
        TextOnly = true,
    };

    private static LineChart? Losses(ComparisonReport report, string loss)
    {
        ChartSeries[] series = [.. report.Runs.Where(run => run.Finished && run.Loss == loss).Take(SeriesOfAChart).Select(run => Series(run, "loss", FormattableString.Invariant($"seed {run.Seed}"))).OfType<ChartSeries>()];
        return series.Length == 0 ? null : new LineChart(loss, new ChartAxis("step"), new ChartAxis("loss"), series);
    }

    private static LineChart? Common(ComparisonReport report, string title, string figure, AxisFormat format)
    {
        ChartSeries[] series = [.. report.Runs.Where(run => run.Finished && run.Seed == report.Seeds[0]).Select(run => Series(run, figure, run.Loss)).OfType<ChartSeries>().Take(SeriesOfAChart)];
        return series.Length == 0 ? null : new LineChart(title, new ChartAxis("step"), new ChartAxis(title) { Format = format }, series);
    }

    private static ChartSeries? Series(RunResult run, string figure, string name)
    {
        var folder = new RunFolder(run.Run);
        if (!File.Exists(folder.MetricsPath))
        {
            // A person may clear away a run whose result is kept.
            return null;
        }

        (IReadOnlyList<double> steps, IReadOnlyList<double> values) = RunMetrics.Read(folder).Series("train", figure);
        return steps.Count == 0 ? null : ChartSeries.OfMeans(name, steps, values);
    }

    private static string Accuracy(ComparedLoss loss) => loss.Accuracy is not { } mean ? "–"
        : loss.AccuracyDeviation is { } deviation ? string.Create(CultureInfo.InvariantCulture, $"{100 * mean:F2} ± {100 * deviation:F2} %")
        : Percent(mean);

    private static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:F2} %") : "–";

    private static string P(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => bytes == 0 ? "–" : (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
