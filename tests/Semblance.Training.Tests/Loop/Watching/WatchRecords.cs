using Semblance.Training.Loop.Watching;

namespace Semblance.Training.Tests.Loop.Watching;

/// <summary>Made-up records for the conditions.</summary>
internal static class WatchRecords
{
    public static StageFacts Arcface { get; } = new()
    {
        Loss = "arcface", ClassCount = 100, TotalSteps = 2000, Rate = 0.1, ClipNorm = 5, Margin = 0.5, ClassifiesByCosine = true,
    };

    public static StageFacts Softmax { get; } = new() { Loss = "softmax", ClassCount = 100, TotalSteps = 2000, Rate = 0.1, ClassifiesByProduct = true };

    public static StageFacts Triplet { get; } = new()
    {
        Loss = "triplet", ClassCount = 100, TotalSteps = 2000, Rate = 0.1, Margin = 0.2, CostOfEqualDistances = 0.2,
    };

    /// <summary>Windows of 100 steps whose figures are the same, except those given as a list, one value a window.</summary>
    public static WatchRecord Of(StageFacts stage, int windows, params (string Figure, double[] Values)[] figures) => new()
    {
        Stage = stage,
        Windows = [.. Enumerable.Range(0, windows).Select(i => new WatchWindow(
            i * 100L, 100, figures.ToDictionary(pair => pair.Figure, pair => pair.Values[Math.Min(i, pair.Values.Length - 1)])))],
    };

    /// <summary>The same with figures of the stage's start.</summary>
    public static WatchRecord After(this WatchRecord record, params (string Figure, double Value)[] start) => record with
    {
        Start = new WatchWindow(0, 5, start.ToDictionary(pair => pair.Figure, pair => pair.Value)),
    };
}
