namespace Semblance.Training.Loop.Watching;

/// <summary>Means over a stretch of steps.</summary>
/// <param name="First">The first step within the stage, from 0.</param>
/// <param name="Steps">How many.</param>
/// <param name="Means">The means by figure; a figure that was not measured is missing.</param>
internal sealed record WatchWindow(long First, int Steps, IReadOnlyDictionary<string, double> Means)
{
    /// <summary>The step after the last.</summary>
    public long End => First + Steps;

    /// <summary>The mean of a figure; NaN where it was not measured, so that no comparison with it holds.</summary>
    public double this[string figure] => Means.TryGetValue(figure, out double value) ? value : double.NaN;
}
