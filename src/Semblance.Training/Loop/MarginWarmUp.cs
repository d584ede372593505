using Semblance.Training.Configuration;
using Semblance.Training.Objectives;

namespace Semblance.Training.Loop;

/// <summary>
/// How much of the margin holds: it rises in a straight line from 0 to the whole over the first steps of a stage, as a pure function of the
/// step, so that a resumed run goes on as an unbroken one.
/// </summary>
/// <param name="Steps">Steps until the whole margin holds; 0 for the whole margin from the start.</param>
public sealed record MarginWarmUp(long Steps)
{
    /// <summary>The share of a stage over which the margin rises where --auto-warm-up is given without a number.</summary>
    public const double DefaultShare = 0.25;

    /// <summary>The fraction of the margin in one step.</summary>
    /// <param name="step">The step within the stage, from 0.</param>
    public double At(long step) => step >= Steps ? 1 : (double)step / Steps;

    /// <summary>Whether a stage's loss has anything that can be eased.</summary>
    /// <param name="stage">The stage.</param>
    /// <exception cref="UsageException">The loss or a parameter is unknown.</exception>
    public static bool Eases(StageConfig stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        using Objective objective = ObjectiveRegistry.Create(stage.Loss, stage.LossParameters, new ObjectiveContext(2, 2, 0));
        return objective.Anneal(1);
    }
}
