using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.Training.Loop;
using Semblance.Training.Loop.Watching;

namespace Semblance.Laboratory.Runs;

/// <summary>What a run has written of itself in metrics.jsonl, finished or not: figures by step, histograms of target angles, warnings.</summary>
public sealed class RunMetrics
{
    private readonly Dictionary<string, List<(long Step, JsonObject Figures)>> _lines = new(StringComparer.Ordinal);

    private RunMetrics()
    {
    }

    /// <summary>The histograms of target angles, one an epoch, in order; none for losses without class centres.</summary>
    public IReadOnlyList<AngleCounts> Angles { get; private set; } = [];

    /// <summary>What the watch over training said, in order.</summary>
    public IReadOnlyList<TrainingWarning> Warnings { get; private set; } = [];

    /// <summary>Steps of the last line; 0 where there is none.</summary>
    public long Steps { get; private set; }

    /// <summary>Reads a run's metrics; a line that a killed process left half written is passed over.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="SemblanceException">The run has no metrics yet, or they cannot be read.</exception>
    public static RunMetrics Read(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!File.Exists(run.MetricsPath))
        {
            throw new SemblanceException($"{run.MetricsPath}: the run has no metrics yet; let it train some steps.");
        }

        var metrics = new RunMetrics();
        var angles = new List<AngleCounts>();
        var warnings = new List<TrainingWarning>();
        try
        {
            // A run that still trains holds the file open for writing.
            using var reader = new StreamReader(new FileStream(run.MetricsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (reader.ReadLine() is { } line)
            {
                if (Parse(line) is not { } document || document["step"]?.GetValue<long>() is not { } step || document["kind"]?.GetValue<string>() is not { } kind)
                {
                    continue;
                }

                metrics.Steps = Math.Max(metrics.Steps, step);
                int stage = document["stage"]?.GetValue<int>() ?? 0;
                int epoch = document["epoch"]?.GetValue<int>() ?? 0;
                switch (kind)
                {
                    case "target_angles" when document["bins"] is JsonArray bins:
                        angles.Add(new AngleCounts(stage, epoch, [.. bins.Select(bin => bin!.GetValue<long>())]));
                        break;
                    case "warning":
                        warnings.Add(new TrainingWarning(
                            document["condition"]?.GetValue<string>() ?? "", step, stage, epoch, document["message"]?.GetValue<string>() ?? ""));
                        break;
                    default:
                        metrics.Of(kind).Add((step, document));
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new SemblanceException($"{run.MetricsPath}: cannot be read as a run's metrics: {e.Message}", e);
        }

        (metrics.Angles, metrics.Warnings) = (angles, warnings);
        return metrics;
    }

    /// <summary>A figure over the steps.</summary>
    /// <param name="kind">train or validation.</param>
    /// <param name="figure">The figure's name.</param>
    /// <returns>Steps and values of the lines that have it.</returns>
    public (IReadOnlyList<double> Steps, IReadOnlyList<double> Values) Series(string kind, string figure)
    {
        var steps = new List<double>();
        var values = new List<double>();
        foreach ((long step, JsonObject figures) in Of(kind))
        {
            if (figures[figure] is JsonValue value && value.TryGetValue(out double number))
            {
                steps.Add(step);
                values.Add(number);
            }
        }

        return (steps, values);
    }

    private List<(long Step, JsonObject Figures)> Of(string kind)
    {
        if (!_lines.TryGetValue(kind, out List<(long, JsonObject)>? lines))
        {
            _lines.Add(kind, lines = []);
        }

        return lines;
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
