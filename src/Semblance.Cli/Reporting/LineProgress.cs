namespace Semblance.Cli.Reporting;

/// <summary>Progress where standard error is a file or a pipe: whole lines, at most one every few seconds and one at the end of a stage.</summary>
internal sealed class LineProgress : ProgressDisplay
{
    private readonly Lock gate = new();
    private readonly TextWriter error;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly long start;
    private string? stage;
    private RateMeter meter = new(TimeSpan.FromMilliseconds(500));
    private TimeSpan stageBegan;
    private TimeSpan lastLine;
    private long lastDone;
    private bool finished;

    /// <summary>Creates the display.</summary>
    /// <param name="error">Where lines go.</param>
    /// <param name="interval">The least time between two lines of a stage.</param>
    /// <param name="clock">The time.</param>
    public LineProgress(TextWriter error, TimeSpan interval, TimeProvider clock)
    {
        (this.error, this.interval, this.clock) = (error, interval, clock);
        start = clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public override TextWriter Log => error;

    /// <inheritdoc/>
    public override void Report(WorkProgress value)
    {
        lock (gate)
        {
            TimeSpan now = clock.GetElapsedTime(start);
            if (value.Stage != stage || value.Done < lastDone)
            {
                (stage, meter, finished) = (value.Stage, new RateMeter(TimeSpan.FromMilliseconds(500)), false);
                (stageBegan, lastLine) = (now, now);
            }

            lastDone = value.Done;
            meter.Add(now, value.Done);
            bool end = value.Total > 0 && value.Done >= value.Total;
            if (end ? !finished && now - stageBegan >= TimeSpan.FromSeconds(1) : now - lastLine >= interval)
            {
                error.WriteLine(Line(value));
                lastLine = now;
            }

            finished |= end;
        }
    }

    private string Line(WorkProgress value)
    {
        string count = value.Total > 0
            ? $"{Figures.Count(value.Done)}/{Figures.Count(value.Total)} {value.Unit} ({100.0 * value.Done / value.Total:0} %)"
            : $"{Figures.Count(value.Done)} {value.Unit}";
        string rate = Describe(meter, value);
        return rate.Length > 0 ? $"{value.Stage}: {count}, {rate}" : $"{value.Stage}: {count}";
    }
}
