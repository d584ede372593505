using System.Globalization;

namespace Semblance.Training.Loop.Watching;

/// <summary>What conditions judge by: the latest windows of a stage, how it began, and what its epochs meet.</summary>
internal sealed record WatchRecord
{
    /// <summary>Windows that are kept.</summary>
    public const int MostWindows = 8;

    /// <summary>The stage.</summary>
    public required StageFacts Stage { get; init; }

    /// <summary>The latest windows, the newest last.</summary>
    public IReadOnlyList<WatchWindow> Windows { get; init; } = [];

    /// <summary>Means over the stage's first steps; null before they are over.</summary>
    public WatchWindow? Start { get; init; }

    /// <summary>Identities that the epoch at hand meets, or null where that is not known.</summary>
    public int? IdentitiesInEpoch { get; init; }

    /// <summary>The latest windows that lie behind both warm-ups, that of the rate and that of the margin.</summary>
    /// <param name="count">How many are asked for.</param>
    /// <returns>As many; none where there are fewer.</returns>
    public IReadOnlyList<WatchWindow> Latest(int count)
    {
        long begin = Math.Max(Stage.RateWarmUpSteps, Stage.MarginWarmUpSteps);
        WatchWindow[] windows = [.. Windows.TakeLast(count)];
        return windows.Length == count && windows[0].First >= begin ? windows : [];
    }

    /// <summary>The latest windows, warm-ups or not.</summary>
    /// <param name="count">How many are asked for.</param>
    /// <returns>As many; none where there are fewer.</returns>
    public IReadOnlyList<WatchWindow> LatestOfAll(int count) => Windows.Count >= count ? [.. Windows.TakeLast(count)] : [];

    /// <summary>A figure as a person writes it.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) is >= 1e5 or < 1e-3 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    /// <summary>A share in per cent; nearly all is not rounded up to all.</summary>
    public static string Percent(double share) => (Math.Round(share * 100, share is > 0.99 or < 0.01 ? 1 : 0)).ToString(CultureInfo.InvariantCulture) + " %";
}
