namespace Semblance.Cli.Reporting;

/// <summary>Progress where standard error is a file or a pipe: whole lines, at most one every few seconds and one at the end of a stage.</summary>
internal sealed class LineProgress : ProgressDisplay
{
    private readonly Lock _gate = new();
    private readonly TextWriter _error;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private string? _stage;
    private RateMeter _meter = new(TimeSpan.FromMilliseconds(500));
    private TimeSpan _stageBegan;
    private TimeSpan _lastLine;
    private long _lastDone;
    private bool _finished;

    /// <summary>Creates the display.</summary>
    /// <param name="error">Where lines go.</param>
    /// <param name="interval">The least time between two lines of a stage.</param>
    /// <param name="clock">The time.</param>
    public LineProgress(TextWriter error, TimeSpan interval, TimeProvider clock)
    {
        (_error, _interval, _clock) = (error, interval, clock);
        _start = _clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public override TextWriter Log => _error;

    /// <inheritdoc/>
    public override void Report(WorkProgress value)
    {
        lock (_gate)
        {
            TimeSpan now = _clock.GetElapsedTime(_start);
            if (value.Stage != _stage || value.Done < _lastDone)
            {
                (_stage, _meter, _finished) = (value.Stage, new RateMeter(TimeSpan.FromMilliseconds(500)), false);
                (_stageBegan, _lastLine) = (now, now);
            }

            _lastDone = value.Done;
            _meter.Add(now, value.Done);
            bool end = value.Total > 0 && value.Done >= value.Total;
            if (end ? !_finished && now - _stageBegan >= TimeSpan.FromSeconds(1) : now - _lastLine >= _interval)
            {
                _error.WriteLine(Line(value));
                _lastLine = now;
            }

            _finished |= end;
        }
    }

    private string Line(WorkProgress value)
    {
        string count = value.Total > 0
            ? $"{Figures.Count(value.Done)}/{Figures.Count(value.Total)} {value.Unit} ({100.0 * value.Done / value.Total:0} %)"
            : $"{Figures.Count(value.Done)} {value.Unit}";
        string rate = Describe(_meter, value);
        return rate.Length > 0 ? $"{value.Stage}: {count}, {rate}" : $"{value.Stage}: {count}";
    }
}
