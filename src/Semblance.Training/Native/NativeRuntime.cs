using System.Globalization;
using System.Runtime.InteropServices;

namespace Semblance.Training.Native;

/// <summary>
/// Sets up what lies under libtorch: glibc's allocator and the thread count. Untuned, glibc maps and unmaps each large tensor anew and
/// a third of every training step goes into page faults. Call <see cref="Configure"/> first in Main, before a tensor exists.
/// </summary>
public static partial class NativeRuntime
{
    // Parameters of mallopt(3), from malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;
    private const int ArenaMax = -8;

    /// <summary>Tunes the allocator (on glibc; elsewhere nothing is done) and sets libtorch's thread count.</summary>
    /// <param name="threads">Threads of one operation; 0 for OMP_NUM_THREADS, or all cores where that is not set.</param>
    /// <exception cref="UsageException">The count is negative.</exception>
    public static void Configure(int threads)
    {
        if (threads < 0)
        {
            throw new UsageException($"threads is {threads}; expected 0 (OMP_NUM_THREADS, or all cores) or more.");
        }

        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = SetAllocatorOption(MmapMax, 0);
                _ = SetAllocatorOption(TrimThreshold, int.MaxValue);
                _ = SetAllocatorOption(TopPad, 256 << 20);
                _ = SetAllocatorOption(ArenaMax, 1);
            }
            catch (EntryPointNotFoundException)
            {
                // musl has no mallopt and none of the trouble.
            }
        }

        if (threads > 0)
        {
            TorchSharp.torch.set_num_threads(threads);
        }
    }

    /// <summary>Gives free heap pages back to the system: glibc's aligned allocations fragment by megabytes a step otherwise.</summary>
    public static void TrimHeap()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = TrimAllocator(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl returns memory by itself.
        }
    }

    /// <summary>Resident memory of this process in bytes.</summary>
    public static long ResidentBytes()
    {
        if (OperatingSystem.IsLinux())
        {
            string[] fields = File.ReadAllText("/proc/self/statm").Split(' ');
            return long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }

        return Environment.WorkingSet;
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocatorOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAllocator(nuint keep);
}
