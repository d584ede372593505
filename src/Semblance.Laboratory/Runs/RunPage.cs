using System.Globalization;
using Semblance.Evaluation.Reports;
using Semblance.Evaluation.Reports.Charts;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Loop.Watching;

namespace Semblance.Laboratory.Runs;

/// <summary>A run on one page: what the watch over training had to say, curves of everything it watched, and the config.</summary>
public sealed class RunPage
{
    private const int HistogramsShown = 4;

    private readonly RunFolder _run;
    private readonly TrainingConfig _config;
    private readonly RunMetrics _metrics;

    /// <summary>Reads a run.</summary>
    /// <param name="run">Its folder; the run may still train.</param>
    /// <exception cref="SemblanceException">It has no metrics yet, or a file cannot be read.</exception>
    public RunPage(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (_run, _config, _metrics) = (run, run.ReadConfig(), RunMetrics.Read(run));
    }

    /// <summary>What the watch over training said.</summary>
    public IReadOnlyList<TrainingWarning> Warnings => _metrics.Warnings;

    /// <summary>The page.</summary>
    public HtmlReport ToReport()
    {
        string losses = string.Join(", then ", _config.Stages.Select(stage => stage.Loss));
        var report = new HtmlReport($"Run {Path.GetFileName(Path.GetFullPath(_run.Path))}", $"{_config.Backbone} with {losses}, {_metrics.Steps.ToString(CultureInfo.InvariantCulture)} steps");
        report.Add(Headline());
        report.Add(
            new ReportHeading("Does it converge?", "What was seen during training, with the usual remedy. A line appears once, and again only after its condition has been away."),
            new ReportTable(
                ["when", "what was seen, and what to do"],
                _metrics.Warnings.Count == 0
                    ? [["—", "Nothing that is known to keep a run from converging was seen."]]
                    : [.. _metrics.Warnings.Select(Row)])
            {
                TextOnly = true,
            });
        Curves(report, "Loss and rate", "", Chart("Loss", "loss", Train("loss")), Chart("Validation score", "score", Validation("score")), Chart("Learning rate", "rate", Train("learning_rate")));
        Curves(
            report, "Classes", "How embeddings lie to their own class's centre. Beyond the margin means that the bent target logit is below 0.",
            Chart("Accuracy on the batches", "share", Share, Train("accuracy")),
            Chart("Mean angle to the own class", "degrees", Train("target_angle")),
            Chart("Samples beyond the margin", "share", Share, Train("beyond_margin"), Train("margin_fraction")),
            Histograms());
        Curves(
            report, "Tuples", "",
            Chart("Tuples that cost something", "share", Share, Train("active_share")),
            Chart("Distances within tuples", "distance", Train("distance_positive"), Train("distance_negative")));
        Curves(
            report, "Embeddings and steps", "The variance is that of the directions in a batch: 0 where all embeddings point the same way, 1 where they spread evenly. A usual update ratio is about 1e-3.",
            Chart("Embedding norm", "norm", Train("embedding_norm")),
            Chart("Embedding variance", "variance", Share, Train("embedding_variance")),
            Chart("Gradient norm, before clipping", "norm", new ChartAxis("norm") { Logarithmic = true }, Train("gradient_norm")),
            Chart("Update ratio", "‖Δw‖/‖w‖", new ChartAxis("‖Δw‖/‖w‖") { Logarithmic = true }, Train("update_ratio")),
            Chart("Identities met in the epoch", "identities", Train("identities_seen")));
        return report.Add(new ReportHeading("Config", $"The resolved config is {_run.ConfigPath}."), Config());
    }

    private static ChartAxis Share => new("share") { Minimum = 0, Maximum = 1, Format = AxisFormat.Percent };

    private HeadlineFigures Headline()
    {
        List<HeadlineFigure> figures = [new("steps", _metrics.Steps.ToString("N0", CultureInfo.InvariantCulture))];
        AddLast(figures, "train", "loss", "loss", "F3", 1);
        AddLast(figures, "train", "accuracy", "accuracy on batches, %", "F1", 100);
        AddLast(figures, "train", "target_angle", "angle to own class, °", "F1", 1);
        AddLast(figures, "validation", "score", "validation, %", "F2", 100);
        AddLast(figures, "train", "images_per_second", "images/s", "F0", 1);
        figures.Add(new HeadlineFigure("warnings", _metrics.Warnings.Count.ToString(CultureInfo.InvariantCulture)));
        return new HeadlineFigures(figures);
    }

    private void AddLast(List<HeadlineFigure> figures, string kind, string figure, string label, string format, double factor)
    {
        IReadOnlyList<double> values = _metrics.Series(kind, figure).Values;
        if (values.Count > 0)
        {
            figures.Add(new HeadlineFigure(label, (values[^1] * factor).ToString(format, CultureInfo.InvariantCulture), "last"));
        }
    }

    private static IReadOnlyList<string> Row(TrainingWarning warning) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"step {warning.Step}, epoch {warning.Epoch}"), warning.Message,
    ];

    private ChartSeries? Train(string figure) => Series("train", figure);

    private ChartSeries? Validation(string figure) => Series("validation", figure);

    private ChartSeries? Series(string kind, string figure)
    {
        (IReadOnlyList<double> steps, IReadOnlyList<double> values) = _metrics.Series(kind, figure);
        return steps.Count == 0 ? null : ChartSeries.OfMeans(figure.Replace('_', ' '), steps, values);
    }

    private static LineChart? Chart(string title, string unit, params ChartSeries?[] series) => Chart(title, unit, new ChartAxis(unit), series);

    private static LineChart? Chart(string title, string unit, ChartAxis y, params ChartSeries?[] series)
    {
        ChartSeries[] known = [.. series.OfType<ChartSeries>()];
        return known.Length == 0 ? null : new LineChart(title, new ChartAxis("step"), y, known);
    }

    private LineChart? Histograms()
    {
        IReadOnlyList<AngleCounts> all = _metrics.Angles;
        if (all.Count == 0)
        {
            return null;
        }

        // The first, the last, and some between.
        int shown = Math.Min(HistogramsShown, all.Count);
        IEnumerable<AngleCounts> chosen = Enumerable.Range(0, shown).Select(i => all[shown == 1 ? 0 : (int)Math.Round((double)i * (all.Count - 1) / (shown - 1))]);
        return new LineChart("Angles to the own class", new ChartAxis("degrees") { Minimum = 0, Maximum = 180 }, new ChartAxis("share of the epoch's samples") { Minimum = 0, Format = AxisFormat.Percent }, [.. chosen.Select(Histogram)])
        {
            Caption = "Random vectors lie at 90°. A run that learns moves to the left as a whole; one that a margin tears apart goes both ways.",
        };
    }

    private static ChartSeries Histogram(AngleCounts angles)
    {
        double all = Math.Max(1, angles.Counts.Sum());
        return new ChartSeries(
            $"epoch {angles.Epoch}",
            [.. angles.Counts.Select((_, bin) => (bin + 0.5) * angles.BinWidth)],
            [.. angles.Counts.Select(count => count / all)]);
    }

    private static void Curves(HtmlReport report, string heading, string lead, params LineChart?[] charts)
    {
        LineChart[] known = [.. charts.OfType<LineChart>()];
        if (known.Length > 0)
        {
            report.Add(new ReportHeading(heading, lead), new FigureRow(known));
        }
    }

    private ReportTable Config()
    {
        List<IReadOnlyList<string>> rows =
        [
            ["data", _config.Data],
            ["backbone", string.Create(CultureInfo.InvariantCulture, $"{_config.Backbone}, {_config.InputSize} px to {_config.EmbeddingSize} numbers, {_config.Precision.ToString().ToLowerInvariant()}")],
        ];
        rows.AddRange(_config.Stages.Select((stage, index) => (IReadOnlyList<string>)[$"stage {index}", Describe(stage)]));
        rows.Add(["seed", _config.Seed.ToString(CultureInfo.InvariantCulture)]);
        return new ReportTable([], rows) { TextOnly = true };
    }

    private static string Describe(StageConfig stage)
    {
        string parameters = string.Join(", ", stage.LossParameters.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
        string warmUp = stage.AutoWarmUp > 0 ? string.Create(CultureInfo.InvariantCulture, $", margin warm-up over {stage.AutoWarmUp} epochs") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{stage.Loss}{(parameters.Length > 0 ? $" ({parameters})" : "")}, {stage.Epochs} epochs, batch {stage.Batch}, {stage.Optimizer.ToString().ToLowerInvariant()} at {stage.Lr}, clip_norm {stage.ClipNorm}{warmUp}");
    }
}
