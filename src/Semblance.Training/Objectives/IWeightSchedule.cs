namespace Semblance.Training.Objectives;

/// <summary>The weight of one part of a joint objective, as a function of training progress.</summary>
public interface IWeightSchedule
{
    /// <summary>The weight at a step; finite, at least 0.</summary>
    /// <param name="step">Training steps finished before this one.</param>
    double At(long step);
}

/// <summary>The same weight throughout.</summary>
/// <param name="Weight">Finite, at least 0.</param>
public sealed record ConstantWeight(double Weight) : IWeightSchedule
{
    /// <inheritdoc/>
    public double At(long step) => Weight;
}

/// <summary>A straight line from one weight to another, which then stays.</summary>
/// <param name="From">The weight at the first step, at least 0.</param>
/// <param name="To">The weight at the end, at least 0.</param>
/// <param name="Steps">Steps from one to the other, at least 1.</param>
/// <param name="After">Steps at <paramref name="From"/> before the line begins, at least 0.</param>
public sealed record LinearWeight(double From, double To, long Steps, long After = 0) : IWeightSchedule
{
    /// <inheritdoc/>
    public double At(long step) => From + ((To - From) * Math.Clamp((double)(step - After) / Steps, 0, 1));
}

/// <summary>Half a cosine from one weight to another, which then stays.</summary>
/// <param name="From">The weight at the first step, at least 0.</param>
/// <param name="To">The weight at the end, at least 0.</param>
/// <param name="Steps">Steps from one to the other, at least 1.</param>
/// <param name="After">Steps at <paramref name="From"/> before it begins, at least 0.</param>
public sealed record CosineWeight(double From, double To, long Steps, long After = 0) : IWeightSchedule
{
    /// <inheritdoc/>
    public double At(long step) => To + ((From - To) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp((double)(step - After) / Steps, 0, 1))));
}
