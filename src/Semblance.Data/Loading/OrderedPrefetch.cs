using System.Runtime.ExceptionServices;

namespace Semblance.Data.Loading;

/// <summary>
/// Makes items 0, 1, 2… on worker threads ahead of the one who reads them, and hands them over in order. Workers sleep while
/// <c>ahead</c> items are made or under way. A failure appears where its item would have; leaving the enumeration early stops and joins the
/// workers and discards what they made.
/// </summary>
/// <typeparam name="T">The item.</typeparam>
internal sealed class OrderedPrefetch<T>
{
    private readonly int _count;
    private readonly int _workers;
    private readonly int _ahead;
    private readonly string _name;
    private readonly Func<int, CancellationToken, T> _make;
    private readonly Action<T> _discard;

    /// <summary>Describes the work; no thread starts before <see cref="Read"/> is enumerated.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="workers">Number of threads, at least 1.</param>
    /// <param name="ahead">Items made or under way at once, at least the number of workers.</param>
    /// <param name="name">Name of the threads.</param>
    /// <param name="make">Makes an item; called by several threads at once.</param>
    /// <param name="discard">Releases an item that nobody will read.</param>
    public OrderedPrefetch(int count, int workers, int ahead, string name, Func<int, CancellationToken, T> make, Action<T> discard)
    {
        _count = count;
        _workers = Math.Max(1, Math.Min(workers, count));
        _ahead = Math.Max(_workers, ahead);
        (_name, _make, _discard) = (name, make, discard);
    }

    /// <summary>The items in order. Blocks until the next one is made.</summary>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public IEnumerable<T> Read(CancellationToken cancellationToken)
    {
        using var run = new Run(this, cancellationToken);
        for (int item = 0; item < _count; item++)
        {
            yield return run.Take(item);
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly OrderedPrefetch<T> _work;
        private readonly CancellationToken _cancellation;
        private readonly CancellationTokenRegistration _onCancel;
        private readonly CancellationTokenSource _stop = new();
        private readonly CancellationToken _stopToken;

        // A monitor and not a Lock: workers and reader wait on its condition.
        private readonly object _gate = new();
        private readonly Slot[] _slots;
        private readonly Thread[] _threads;
        private int _next;
        private int _taken;

        public Run(OrderedPrefetch<T> work, CancellationToken cancellation)
        {
            (_work, _cancellation, _slots, _stopToken) = (work, cancellation, new Slot[work._ahead], _stop.Token);
            _onCancel = cancellation.Register(Wake);
            _threads = new Thread[work._count == 0 ? 0 : work._workers];
            for (int i = 0; i < _threads.Length; i++)
            {
                _threads[i] = new Thread(Work) { IsBackground = true, Name = work._name };
                _threads[i].Start();
            }
        }

        public T Take(int item)
        {
            Slot slot;
            lock (_gate)
            {
                ref Slot place = ref _slots[item % _slots.Length];
                while (true)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    if (place.Filled)
                    {
                        break;
                    }

                    Monitor.Wait(_gate);
                }

                slot = place;
                place = default;
                _taken = item + 1;
                Monitor.PulseAll(_gate);
            }

            slot.Failure?.Throw();
            return slot.Value!;
        }

        public void Dispose()
        {
            _stop.Cancel();
            Wake();
            foreach (Thread thread in _threads)
            {
                thread.Join();
            }

            foreach (Slot slot in _slots)
            {
                if (slot is { Filled: true, Failure: null })
                {
                    _work._discard(slot.Value!);
                }
            }

            _onCancel.Dispose();
            _stop.Dispose();
        }

        private void Work()
        {
            while (true)
            {
                int item;
                lock (_gate)
                {
                    while (!Stopping && _next < _work._count && _next - _taken >= _slots.Length)
                    {
                        Monitor.Wait(_gate);
                    }

                    if (Stopping || _next >= _work._count)
                    {
                        return;
                    }

                    item = _next++;
                }

                Slot made = Make(item);
                lock (_gate)
                {
                    _slots[item % _slots.Length] = made;
                    if (made.Failure is not null)
                    {
                        _next = _work._count;
                    }

                    Monitor.PulseAll(_gate);
                }
            }
        }

        private bool Stopping => _stopToken.IsCancellationRequested || _cancellation.IsCancellationRequested;

        private Slot Make(int item)
        {
            try
            {
                return new Slot(true, _work._make(item, _stopToken), null);
            }
#pragma warning disable CA1031 // Whatever a worker meets belongs to the one who reads.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return new Slot(true, default, ExceptionDispatchInfo.Capture(e));
            }
        }

        private void Wake()
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private readonly record struct Slot(bool Filled, T? Value, ExceptionDispatchInfo? Failure);
}
