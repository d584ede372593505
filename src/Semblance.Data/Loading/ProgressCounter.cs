using System.Diagnostics;

namespace Semblance.Data.Loading;

/// <summary>Counts work done by several threads and reports it, in rising order, a few times a second and at the end.</summary>
internal sealed class ProgressCounter(IProgress<WorkProgress>? progress, string stage, long total, string unit)
{
    private static readonly long Interval = Stopwatch.Frequency / 20;
    private readonly Lock _gate = new();
    private long _done;
    private long _last;

    /// <summary>Adds finished units.</summary>
    public void Add(long units)
    {
        if (progress is null)
        {
            return;
        }

        lock (_gate)
        {
            _done += units;
            long now = Stopwatch.GetTimestamp();
            if (_done == total || now - _last >= Interval)
            {
                _last = now;
                progress.Report(new WorkProgress(stage, _done, total, unit));
            }
        }
    }
}
