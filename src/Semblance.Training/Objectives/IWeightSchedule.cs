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
