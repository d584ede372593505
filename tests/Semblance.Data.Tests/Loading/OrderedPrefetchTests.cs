using System.Collections.Concurrent;
using Semblance.Data.Loading;

namespace Semblance.Data.Tests.Loading;

public sealed class OrderedPrefetchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ItemsComeInOrderWhateverThreadIsFaster(int workers)
    {
        var prefetch = new OrderedPrefetch<int>(60, workers, 6, "test", (item, _) => { Thread.Sleep(item * 7 % 5); return item; }, _ => { });
        Assert.Equal(Enumerable.Range(0, 60), prefetch.Read(default));
        Assert.Equal(Enumerable.Range(0, 60), prefetch.Read(default));
    }

    [Fact]
    public void NothingMeansNothing() => Assert.Empty(new OrderedPrefetch<int>(0, 2, 4, "test", (item, _) => item, _ => { }).Read(default));

    [Fact]
    public void NoMoreThanTheGivenNumberIsMadeAhead()
    {
        int made = 0;
        var prefetch = new OrderedPrefetch<int>(100, 2, 5, "test", (item, _) => { Interlocked.Increment(ref made); return item; }, _ => { });
        using IEnumerator<int> items = prefetch.Read(default).GetEnumerator();
        Assert.Equal(0, made);
        items.MoveNext();
        SpinWait.SpinUntil(() => Volatile.Read(ref made) == 6, TimeSpan.FromSeconds(10));
        Thread.Sleep(50);
        Assert.Equal(6, Volatile.Read(ref made));
    }

    [Fact]
    public void LeavingEarlyEndsTheThreadsAndDiscardsTheRest()
    {
        var threads = new ConcurrentDictionary<Thread, bool>();
        var made = new ConcurrentBag<int>();
        var discarded = new ConcurrentBag<int>();
        var prefetch = new OrderedPrefetch<int>(
            1000, 3, 6, "test", (item, _) => { threads[Thread.CurrentThread] = true; made.Add(item); return item; }, discarded.Add);
        foreach (int item in prefetch.Read(default))
        {
            if (item == 4)
            {
                break;
            }
        }

        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));
        Assert.Equal(made.Where(item => item > 4).Order(), discarded.Order());
    }

    [Fact]
    public void AFailureAppearsWhereItsItemWouldHave()
    {
        var prefetch = new OrderedPrefetch<int>(50, 4, 8, "test", (item, _) => item == 7 ? throw new InvalidOperationException("seven") : item, _ => { });
        var seen = new List<int>();
        var e = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (int item in prefetch.Read(default))
            {
                seen.Add(item);
            }
        });
        Assert.Equal("seven", e.Message);
        Assert.Equal(Enumerable.Range(0, 7), seen);
    }

    [Fact]
    public void CancellingWakesAReaderThatWaits()
    {
        using var cancel = new CancellationTokenSource();
        var prefetch = new OrderedPrefetch<int>(
            10, 2, 4, "test", (_, stop) => { stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)); stop.ThrowIfCancellationRequested(); return 0; }, _ => { });
        cancel.CancelAfter(50);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => prefetch.Read(cancel.Token).ToList());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void WaitingWorkersCostNoProcessorTime()
    {
        var prefetch = new OrderedPrefetch<int>(100, 2, 4, "test-idle", (item, _) => item, _ => { });
        using IEnumerator<int> items = prefetch.Read(default).GetEnumerator();
        items.MoveNext();
        Thread.Sleep(100);
        TimeSpan before = CpuOf("test-idle");
        Thread.Sleep(500);
        Assert.True(CpuOf("test-idle") - before < TimeSpan.FromMilliseconds(100));
    }

    // Linux lists each thread's clock ticks by its name; elsewhere nothing is measured and the test says so.
    private static TimeSpan CpuOf(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Threads are measured through /proc.");
        }

        string[] stats = [.. Directory.GetDirectories("/proc/self/task").Select(ReadStat).Where(stat => stat.Contains($"({name})", StringComparison.Ordinal))];
        Assert.Equal(2, stats.Length);
        return TimeSpan.FromMilliseconds(10 * stats.Sum(stat =>
        {
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) + int.Parse(fields[12], System.Globalization.CultureInfo.InvariantCulture);
        }));
    }

    private static string ReadStat(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "stat"));
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return "";
        }
    }
}
