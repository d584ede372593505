namespace Semblance.Cli.Reporting;

/// <summary>
/// Rate and time left of one stage. The rate is that of the last seconds, so that a slow start or a resumed run does not weigh on it.
/// Not thread-safe.
/// </summary>
internal sealed class RateMeter
{
    private const int Window = 16;

    private readonly Queue<(TimeSpan At, long Done)> _samples = new();
    private readonly TimeSpan _spacing;
    private (TimeSpan At, long Done) _last;

    /// <summary>Creates a meter.</summary>
    /// <param name="spacing">The least time between two samples that are kept; the rate spans 16 of them.</param>
    public RateMeter(TimeSpan spacing) => _spacing = spacing;

    /// <summary>Units a second over the window, or null before two samples are there.</summary>
    public double? Rate => _samples.TryPeek(out (TimeSpan At, long Done) first) && _last.At > first.At
        ? (_last.Done - first.Done) / (_last.At - first.At).TotalSeconds
        : null;

    /// <summary>Takes a sample.</summary>
    /// <param name="at">Time since any fixed moment.</param>
    /// <param name="done">Units finished; a smaller number than before starts the meter again.</param>
    public void Add(TimeSpan at, long done)
    {
        if (done < _last.Done)
        {
            _samples.Clear();
        }

        _last = (at, done);
        if (_samples.Count == 0 || at - _samples.Last().At >= _spacing)
        {
            _samples.Enqueue(_last);
            if (_samples.Count > Window)
            {
                _samples.Dequeue();
            }
        }
    }

    /// <summary>Time until <paramref name="total"/> at the present rate, or null where neither is known.</summary>
    /// <param name="total">Units in all; 0 where unknown.</param>
    public TimeSpan? Left(long total) => total > 0 && Rate is { } rate and > 0
        ? TimeSpan.FromSeconds(Math.Min((total - _last.Done) / rate, TimeSpan.FromDays(365).TotalSeconds))
        : null;
}
