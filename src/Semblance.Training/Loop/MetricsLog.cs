using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.IO;
using TorchSharp.Modules;

namespace Semblance.Training.Loop;

/// <summary>The run's figures as JSON lines and as TensorBoard events.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _lines;
    private readonly SummaryWriter _events;

    /// <param name="path">The JSON lines file.</param>
    /// <param name="eventsFolder">The folder of TensorBoard event files.</param>
    /// <param name="lastStep">Lines of later steps are dropped: a resumed run makes those steps again.</param>
    public MetricsLog(string path, string eventsFolder, long lastStep)
    {
        KeepUpTo(path, lastStep);
        _lines = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
        _events = TorchSharp.torch.utils.tensorboard.SummaryWriter(eventsFolder);
    }

    /// <summary>Writes one line and its numbers as events.</summary>
    /// <param name="kind">train or validation.</param>
    /// <param name="step">Steps made.</param>
    /// <param name="stage">Stage index.</param>
    /// <param name="epoch">Epoch over all stages.</param>
    /// <param name="figures">Figures by name.</param>
    public void Write(string kind, long step, int stage, int epoch, IEnumerable<KeyValuePair<string, double>> figures)
    {
        var line = new JsonObject { ["kind"] = kind, ["step"] = step, ["stage"] = stage, ["epoch"] = epoch };
        foreach ((string name, double value) in figures)
        {
            // JSON has no NaN; a figure that is none is left out of the line.
            if (double.IsFinite(value))
            {
                line[name] = Rounded(value);
                _events.add_scalar($"{kind}/{name}", (float)value, (int)Math.Min(step, int.MaxValue));
            }
        }

        WriteLine(line);
    }

    /// <summary>Writes one line that is no list of figures: a histogram, a warning.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="step">Steps made.</param>
    /// <param name="stage">Stage index.</param>
    /// <param name="epoch">Epoch over all stages.</param>
    /// <param name="values">Values by name.</param>
    public void WriteValues(string kind, long step, int stage, int epoch, params IEnumerable<(string Name, JsonNode Value)> values)
    {
        var line = new JsonObject { ["kind"] = kind, ["step"] = step, ["stage"] = stage, ["epoch"] = epoch };
        foreach ((string name, JsonNode value) in values)
        {
            line[name] = value;
        }

        WriteLine(line);
    }

    public void Dispose() => _lines.Dispose();

    // Six decimals, and six digits of what is smaller than one (a rate, an update ratio).
    private static double Rounded(double value) => Math.Abs(value) is < 0.1 and > 0
        ? double.Parse(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)
        : Math.Round(value, 6);

    private void WriteLine(JsonObject line)
    {
        _lines.WriteLine(line.ToJsonString(Readable));
        _lines.Flush();
    }

    // Angles and quotes are to be read in the file as they are.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void KeepUpTo(string path, long lastStep)
    {
        if (!File.Exists(path))
        {
            return;
        }

        string[] lines = File.ReadAllLines(path);
        string[] kept = [.. lines.Where(line => StepOf(line) is { } step && step <= lastStep)];
        if (kept.Length < lines.Length)
        {
            AtomicFile.WriteText(path, string.Concat(kept.Select(line => line + "\n")));
        }
    }

    private static long? StepOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["step"]?.GetValue<long>();
        }
        catch (JsonException)
        {
            // The line that a killed process was writing.
            return null;
        }
    }
}
