namespace Semblance.Training.Objectives;

/// <summary>A part of an objective (a curve, a miner, a penalty) that a warm-up can make easier: see <see cref="Objective.Anneal"/>.</summary>
public interface IAnnealed
{
    /// <summary>Sets how hard it is.</summary>
    /// <param name="fraction">From 0 (no margin, easiest tuples) to 1 (as configured).</param>
    void Anneal(double fraction);
}
