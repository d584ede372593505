using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Semblance.Training.Native;

/// <summary>
/// Splits work over the threads that libtorch's own operations run on. After each of those its OpenMP threads wait spinning for the next for
/// some milliseconds; work on other threads would share the cores with them. Where libtorch brings no GNU OpenMP, the thread pool is taken.
/// </summary>
internal static unsafe class WorkerTeam
{
    private static readonly (nint Parallel, nint ThreadNumber, nint ThreadCount) Library = Find();

    /// <summary>Runs work on [0, count) cut into contiguous shares, one for each thread, and returns when all are done.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="threads">The most threads; at most libtorch's number of threads.</param>
    /// <param name="work">Does [from, to); the shares depend on the number of threads, so that results must not.</param>
    public static void Run(int count, int threads, Action<int, int> work)
    {
        if (threads <= 1 || count <= 1)
        {
            work(0, count);
        }
        else if (Library.Parallel == 0)
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t => Share(work, count, t, threads));
        }
        else
        {
            var task = new TeamTask(work, count);
            var handle = GCHandle.Alloc(task);
            try
            {
                ((delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)Library.Parallel)(&OnThread, GCHandle.ToIntPtr(handle), (uint)threads, 0);
            }
            finally
            {
                handle.Free();
            }

            task.Failure?.Throw();
        }
    }

    [UnmanagedCallersOnly]
    private static void OnThread(nint data)
    {
        var task = (TeamTask)GCHandle.FromIntPtr(data).Target!;
        try
        {
            int thread = ((delegate* unmanaged<int>)Library.ThreadNumber)();
            // The library may give fewer threads than were asked for.
            int threads = ((delegate* unmanaged<int>)Library.ThreadCount)();
            Share(task.Work, task.Count, thread, threads);
        }
#pragma warning disable CA1031 // Nothing may be thrown through native frames; it is thrown again on the caller's thread.
        catch (Exception e)
#pragma warning restore CA1031
        {
            task.Failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private static void Share(Action<int, int> work, int count, int thread, int threads) =>
        work((int)((long)count * thread / threads), (int)((long)count * (thread + 1) / threads));

    private static (nint Parallel, nint ThreadNumber, nint ThreadCount) Find()
    {
        // Loads libtorch, and with it the OpenMP library that it was built with, whose name carries a hash.
        RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int at = line.IndexOf('/', StringComparison.Ordinal);
            if (at < 0 || !Path.GetFileName(line[at..]).StartsWith("libgomp", StringComparison.Ordinal))
            {
                continue;
            }

            if (NativeLibrary.TryLoad(line[at..], out nint library)
                && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint parallel)
                && NativeLibrary.TryGetExport(library, "omp_get_thread_num", out nint number)
                && NativeLibrary.TryGetExport(library, "omp_get_num_threads", out nint count))
            {
                return (parallel, number, count);
            }
        }

        return default;
    }

    private sealed record TeamTask(Action<int, int> Work, int Count)
    {
        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
