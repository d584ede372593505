using System.Globalization;
using Semblance.Data;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop.Watching;

namespace Semblance.Training.Loop;

/// <summary>What all stages of a run share.</summary>
internal sealed record StageContext(
    TrainingConfig Config,
    RunFolder Run,
    PreparedFaces Faces,
    Backbone Backbone,
    DeployedWeights Deployed,
    IModelValidator? Validator,
    MetricsLog Metrics,
    RunLog Log,
    StepClock Clock,
    IProgress<WorkProgress>? Progress,
    IProgress<TrainingWarning>? Warnings)
{
    /// <summary>Says a warning wherever a person or a page may look: in the log, in the metrics, to the caller.</summary>
    public void Warn(TrainingWarning warning)
    {
        Log.Write(string.Create(CultureInfo.InvariantCulture, $"warning: step {warning.Step}: {warning.Message}"));
        Metrics.WriteValues("warning", warning.Step, warning.Stage, warning.Epoch, ("condition", warning.Condition), ("message", warning.Message));
        Warnings?.Report(warning);
    }
}
