namespace Semblance.Training.Loop.Watching;

/// <summary>What a checkpoint holds of the watch.</summary>
internal sealed record WatchState
{
    /// <summary>Sums of the window at hand.</summary>
    public required IReadOnlyDictionary<string, double[]> Sums { get; init; }

    /// <summary>Windows that are over.</summary>
    public required IReadOnlyList<WatchWindow> Windows { get; init; }

    /// <summary>How the stage began.</summary>
    public required WatchWindow? Start { get; init; }

    /// <summary>Conditions that hold, with the number of looks since they were last seen.</summary>
    public required IReadOnlyDictionary<string, int> Spoken { get; init; }

    /// <summary>Target angles of the epoch at hand.</summary>
    public required IReadOnlyList<long> Angles { get; init; }
}
