namespace Semblance;

/// <summary>How far a long piece of work has come. Services report it through <see cref="IProgress{T}"/>; whoever shows it adds rate and time left.</summary>
/// <param name="Stage">What is being done, in a few words, for example "embedding faces".</param>
/// <param name="Done">Units finished so far.</param>
/// <param name="Total">Units in all, or 0 where unknown.</param>
/// <param name="Unit">The plural name of a unit, for example "images".</param>
/// <param name="Note">A short figure to show beside the bar, for example "loss 12.31", or null.</param>
public readonly record struct WorkProgress(string Stage, long Done, long Total, string Unit, string? Note = null);
