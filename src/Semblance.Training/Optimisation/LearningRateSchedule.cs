namespace Semblance.Training.Optimisation;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum Decay
{
    /// <summary>It does not fall.</summary>
    Constant,

    /// <summary>Half a cosine down to the final rate (Loshchilov and Hutter 2017, eq. 5, without restarts).</summary>
    Cosine,

    /// <summary>Multiplied by a factor at given fractions of the stage.</summary>
    Step,

    /// <summary>(1 − t)^power down to the final rate.</summary>
    Polynomial,
}

/// <summary>
/// The learning rate as a pure function of the step: a linear warm-up whose first step runs at 1/warm-up of the rate, then a decay.
/// Having no state, it resumes by itself.
/// </summary>
public sealed record LearningRateSchedule
{
    /// <summary>The rate after the warm-up, above 0.</summary>
    public required double Rate { get; init; }

    /// <summary>Steps of the stage in all, at least 1.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>Steps of the linear warm-up; 0 for none.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>The form of the decay.</summary>
    public Decay Decay { get; init; } = Decay.Cosine;

    /// <summary>The rate at the end as a fraction of <see cref="Rate"/>, for cosine and polynomial decay.</summary>
    public double FinalFraction { get; init; }

    /// <summary>The exponent of polynomial decay.</summary>
    public double Power { get; init; } = 2;

    /// <summary>Fractions of the stage, ascending in (0, 1), at which step decay multiplies the rate.</summary>
    public IReadOnlyList<double> StepsAt { get; init; } = [0.5, 0.75, 0.9];

    /// <summary>What step decay multiplies by.</summary>
    public double StepFactor { get; init; } = 0.1;

    /// <summary>The rate of one step.</summary>
    /// <param name="step">The step within the stage, from 0.</param>
    public double At(long step)
    {
        if (step < WarmupSteps)
        {
            return Rate * (step + 1) / WarmupSteps;
        }

        double t = Math.Clamp((double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps), 0, 1);
        return Decay switch
        {
            Decay.Cosine => Rate * (FinalFraction + ((1 - FinalFraction) * 0.5 * (1 + Math.Cos(Math.PI * t)))),
            Decay.Polynomial => Rate * (FinalFraction + ((1 - FinalFraction) * Math.Pow(1 - t, Power))),
            Decay.Step => Rate * Math.Pow(StepFactor, StepsAt.Count(at => (double)step / TotalSteps >= at)),
            _ => Rate,
        };
    }
}
