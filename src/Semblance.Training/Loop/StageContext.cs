using Semblance.Data;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;

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
    IProgress<WorkProgress>? Progress);
