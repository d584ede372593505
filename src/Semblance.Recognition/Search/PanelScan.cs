namespace Semblance.Recognition.Search;

/// <summary>Runs over all panels of an index, on all cores where that pays, each worker with a state of its own.</summary>
/// <typeparam name="TState">What a worker collects.</typeparam>
internal abstract class PanelScan<TState>
    
{
    private const long ParallelWork = 4_000_000;
    private const int TaskBytes = 1 << 20;

    protected PanelScan(ScanRequest request) => Request = request;

    protected ScanRequest Request { get; }

    /// <summary>A state that has seen nothing.</summary>
    protected abstract TState NewState();

    /// <summary>Looks at panels [from, to) of a segment.</summary>
    protected abstract void Scan(int segment, int from, int to, TState state);

    /// <summary>Adds what another worker collected.</summary>
    protected abstract void Merge(TState into, TState from);

    /// <summary>Looks at all rows.</summary>
    protected TState ScanAll()
    {
        (int Segment, int From, int To)[] tasks = [.. Tasks()];
        TState all = NewState();
        long rows = Request.Segments.Sum(segment => (long)segment.Count);
        if (rows * Request.Dimension * Request.Count < ParallelWork || tasks.Length < 2 || Environment.ProcessorCount == 1)
        {
            foreach (var (segment, from, to) in tasks)
            {
                Request.CancellationToken.ThrowIfCancellationRequested();
                ScanChecked(segment, from, to, all);
            }

            return all;
        }

        Work.Run(
            tasks.Length,
            NewState,
            (task, state) => ScanChecked(tasks[task].Segment, tasks[task].From, tasks[task].To, state),
            state => Merge(all, state),
            Request.CancellationToken);
        return all;
    }

    private void ScanChecked(int segment, int from, int to, TState state)
    {
        Request.Segments[segment].Rows.Require(from, to);
        Scan(segment, from, to, state);
        GC.KeepAlive(Request);
    }

    /// <summary>Runs of panels of about a megabyte: long enough for the prefetcher, short enough that no core waits long for the other.</summary>
    private IEnumerable<(int Segment, int From, int To)> Tasks()
    {
        for (int s = 0; s < Request.Segments.Length; s++)
        {
            SegmentView segment = Request.Segments[s];
            int run = Math.Max(1, TaskBytes / segment.Rows.Format.PanelBytes(Request.Dimension));
            for (int from = 0; from < segment.Panels; from += run)
            {
                yield return (s, from, Math.Min(segment.Panels, from + run));
            }
        }
    }
}
