namespace Semblance.Training.Loop.Watching.Conditions;

/// <summary>One way in which a run goes wrong. Has no state: it judges the latest windows, so a resumed run judges as an unbroken one.</summary>
internal abstract class WatchCondition(string name)
{
    /// <summary>The name in the metrics file.</summary>
    public string Name { get; } = name;

    /// <summary>Judges.</summary>
    /// <param name="record">What was seen so far.</param>
    /// <returns>What was seen, with numbers, and the usual remedy, in one line; null where it does not hold or cannot be told yet.</returns>
    public abstract string? Seen(WatchRecord record);

    /// <summary>The steps that some windows span.</summary>
    protected static long Span(IReadOnlyList<WatchWindow> windows) => windows.Sum(window => (long)window.Steps);

    /// <summary>The mean of a figure over windows; NaN where none has it.</summary>
    protected static double Mean(IReadOnlyList<WatchWindow> windows, string figure)
    {
        double[] known = [.. windows.Select(window => window[figure]).Where(double.IsFinite)];
        return known.Length == 0 ? double.NaN : known.Average();
    }
}
