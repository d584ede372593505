using System.Runtime.InteropServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// Memory outside of the garbage collector's heap, at a multiple of 2 MiB where it is that large, so that the system can map it by pages of
/// that size: searching a graph jumps about in gigabytes, and with pages of 4 KiB every jump would first miss its address translation; a scan
/// asks ahead only within a page. Freed when nothing refers to it any more; whoever uses <see cref="Start"/> keeps this object alive meanwhile. Zeroed, which
/// costs nothing where the memory is new to the process.
/// </summary>
internal sealed unsafe partial class NativeBlock
{
    private const int HugePage = 2 << 20;
    private const int Line = 64;
    private const int AdviseHugePages = 14;

    private readonly void* _allocated;

    public NativeBlock(long bytes)
    {
        bool large = bytes >= HugePage;
        nuint alignment = large ? (nuint)HugePage : Line;
        Length = bytes;
        _allocated = NativeMemory.AllocZeroed((nuint)bytes + alignment);
        Start = (byte*)(((nuint)_allocated + alignment - 1) & ~(alignment - 1));
        GC.AddMemoryPressure(bytes);
        if (large && OperatingSystem.IsLinux())
        {
            try
            {
                // Advice only: a refusal changes the rate, not the result.
                _ = Advise(Start, (nuint)bytes, AdviseHugePages);
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                // A system whose C library goes by another name does without.
            }
        }
    }

    ~NativeBlock()
    {
        NativeMemory.Free(_allocated);
        GC.RemoveMemoryPressure(Length);
    }

    public byte* Start { get; }

    public long Length { get; }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
