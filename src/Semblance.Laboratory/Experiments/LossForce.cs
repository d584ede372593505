namespace Semblance.Laboratory.Experiments;

/// <summary>The forces of a loss.</summary>
/// <param name="Loss">Its registered name.</param>
/// <param name="Kind">Between what they act.</param>
/// <param name="Summed">True where the terms were summed over the batch, instead of the loss's default mean.</param>
/// <param name="Push">What drives the two apart; null where nothing does.</param>
/// <param name="Pull">What draws them together, or shortens a length; null where nothing does.</param>
public sealed record LossForce(string Loss, ForceKind Kind, bool Summed, ForceCurves? Push, ForceCurves? Pull);

/// <summary>A force against distance or length.</summary>
/// <param name="Positions">The distances between unit vectors, or the lengths.</param>
/// <param name="Curves">One curve, or one for each of <see cref="LossForces.Partners"/> where the force depends on it.</param>
public sealed record ForceCurves(IReadOnlyList<double> Positions, IReadOnlyList<ForceCurve> Curves);

/// <summary>A force with all else in its place.</summary>
/// <param name="Partner">The distance to the other of the two that a force may depend on; null where it does not.</param>
/// <param name="Heights">The force at each position: −∂L/∂d of a push, ∂L/∂d of a pull, ∂L/∂r of a length.</param>
public sealed record ForceCurve(double? Partner, IReadOnlyList<double> Heights);
