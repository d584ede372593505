using Semblance.Cli.Reporting;

namespace Semblance.Cli.Tests;

public sealed class LineProgressTests
{
    private readonly StringWriter _written = new() { NewLine = "\n" };
    private readonly SteppedClock _clock = new();
    private readonly LineProgress _progress;

    public LineProgressTests() => _progress = new LineProgress(_written, TimeSpan.FromSeconds(5), _clock);

    [Fact]
    public void ALineComesAtMostEveryFewSecondsWithCountRateTimeLeftAndNote()
    {
        for (int second = 0; second <= 12; second++)
        {
            _progress.Report(new WorkProgress("training", second * 100, 2000, "images", "loss 3.21"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            "training: 500/2,000 images (25 %), 100 images/s, 15 s left, loss 3.21\n" +
            "training: 1,000/2,000 images (50 %), 100 images/s, 10 s left, loss 3.21\n",
            _written.ToString());
    }

    [Fact]
    public void TheEndOfAStageIsToldOnce()
    {
        _progress.Report(new WorkProgress("embedding", 0, 30, "images"));
        _clock.Advance(TimeSpan.FromSeconds(3));
        _progress.Report(new WorkProgress("embedding", 30, 30, "images"));
        _progress.Report(new WorkProgress("embedding", 30, 30, "images"));

        Assert.Equal("embedding: 30/30 images (100 %), 10.0 images/s\n", _written.ToString());
    }

    [Fact]
    public void AStageOfLessThanASecondStaysSilent()
    {
        _progress.Report(new WorkProgress("reading", 0, 2, "files"));
        _progress.Report(new WorkProgress("reading", 2, 2, "files"));

        Assert.Equal("", _written.ToString());
    }

    [Fact]
    public void AnUnknownTotalShowsTheCountAlone()
    {
        _progress.Report(new WorkProgress("searching", 0, 0, "files"));
        _clock.Advance(TimeSpan.FromSeconds(6));
        _progress.Report(new WorkProgress("searching", 12, 0, "files"));

        Assert.Equal("searching: 12 files, 2.00 files/s\n", _written.ToString());
    }

    [Fact]
    public void ReportsFromManyThreadsLeaveWholeLines()
    {
        Parallel.For(0, 1000, i =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _progress.Report(new WorkProgress($"stage {i % 3}", i, 1000, "things"));
        });

        Assert.All(
            _written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches(@"^stage \d: [\d,]+/1,000 things \(\d+ %\)", line));
    }

    private sealed class SteppedClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);

        public override long GetTimestamp() => Interlocked.Read(ref ticks);
    }
}
