using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Runs;

/// <summary>The angles between a run's samples and their own class's centres, epoch by epoch.</summary>
public sealed class RunAngles
{
    private readonly TrainingConfig _config;

    private RunAngles(string run, TrainingConfig config, IReadOnlyList<AngleCounts> epochs) => (Run, _config, Epochs) = (run, config, epochs);

    /// <summary>The zones of the ArcFace paper (Deng et al. 2019, figure 2): well placed, on the way, hardly placed, and beyond a right angle.</summary>
    public static IReadOnlyList<AngleZone> Zones { get; } = [new("0–30°", 0, 30), new("30–60°", 30, 60), new("60–90°", 60, 90), new("> 90°", 90, 180.001)];

    /// <summary>The run's folder.</summary>
    public string Run { get; }

    /// <summary>The histograms, at least one, in order.</summary>
    public IReadOnlyList<AngleCounts> Epochs { get; }

    /// <summary>Indices of the stages that have some.</summary>
    public IReadOnlyList<int> Stages => [.. Epochs.Select(epoch => epoch.Stage).Distinct()];

    /// <summary>The run in words.</summary>
    public string Source => $"{_config.Backbone} trained with {string.Join(", then ", Stages.Select(stage => _config.Stages[stage].Loss))}";

    /// <summary>Reads what a run has written so far.</summary>
    /// <param name="path">The run's folder; it may still train.</param>
    /// <exception cref="SemblanceException">It is no run, has finished no epoch, or none of its losses has class centres.</exception>
    public static RunAngles Read(string path)
    {
        RunFolder run = RunFolder.Open(path);
        TrainingConfig config = run.ReadConfig();
        RunMetrics metrics = RunMetrics.Read(run);
        AngleCounts[] epochs = [.. metrics.Angles.Where(epoch => epoch.Total > 0 && epoch.Stage < config.Stages.Count)];
        if (epochs.Length > 0)
        {
            return new RunAngles(path, config, epochs);
        }

        string losses = string.Join(", ", config.Stages.Select(stage => stage.Loss).Distinct());
        throw new SemblanceException(metrics.Series("train", "target_angle").Values.Count > 0
            ? $"{path}: the run has finished no epoch yet, and histograms of angles are written at an epoch's end; let it train on."
            : $"{path}: was trained with {losses}, which has no class centres that a sample's angle could be measured to; give a run of a loss such as softmax, cosface or arcface.");
    }

    /// <summary>The loss of an epoch.</summary>
    /// <param name="epoch">One of <see cref="Epochs"/>.</param>
    public string LossOf(AngleCounts epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return _config.Stages[epoch.Stage].Loss;
    }
}

/// <summary>A zone of the angle.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="From">Its lower end in degrees, included.</param>
/// <param name="To">Its upper end in degrees, not included.</param>
public sealed record AngleZone(string Name, double From, double To);
