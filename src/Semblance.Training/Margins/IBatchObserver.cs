namespace Semblance.Training.Margins;

/// <summary>
/// A curve whose state follows training: λ that falls from step to step, running means. <see cref="ITargetLogit.Bend"/> only reads the
/// state, so that a curve can be drawn or evaluated without changing it; the state is a buffer, so that a checkpoint holds it.
/// </summary>
public interface IBatchObserver
{
    /// <summary>Brings the state up to date; called once for each training step, before <see cref="ITargetLogit.Bend"/>.</summary>
    /// <param name="target">The batch. Nothing of it is kept attached to the graph.</param>
    void Observe(TargetColumn target);
}
