using System.Text.Json.Nodes;
using Semblance.Evaluation.Reports.Charts;

namespace Semblance.Cli.Demo;

/// <summary>The training curve of a run, from its metrics file.</summary>
internal static class TrainingCurve
{
    /// <summary>The loss over the steps.</summary>
    /// <param name="metricsPath">The run's metrics, JSON lines.</param>
    public static LineChart Loss(string metricsPath)
    {
        (double Step, double Loss)[] points = [.. Points(metricsPath)];
        return new LineChart(
            "Training loss",
            new ChartAxis("step"),
            new ChartAxis("loss"),
            new ChartSeries("loss", [.. points.Select(point => point.Step)], [.. points.Select(point => point.Loss)]))
        {
            Caption = "ArcFace adds its margin to each correct answer, so the loss starts high and stays above zero.",
        };
    }

    private static IEnumerable<(double Step, double Loss)> Points(string metricsPath)
    {
        foreach (string line in File.ReadLines(metricsPath))
        {
            if (JsonNode.Parse(line) is JsonObject figures && (string?)figures["kind"] == "train" && figures["loss"] is { } loss)
            {
                yield return ((double)figures["step"]!, (double)loss);
            }
        }
    }
}
