using System.Runtime.InteropServices;

namespace Semblance.Training.Native;

/// <summary>
/// Automatic mixed precision on the CPU for the calling thread: inside the scope convolutions and matrix products run in bfloat16 while
/// parameters stay float32. TorchSharp binds none of it, so the exported C++ functions are called by their Itanium-ABI names.
/// </summary>
public sealed partial class Autocast : IDisposable
{
    private const string Library = "torch_cpu";
    private const sbyte Cpu = 0; // c10::DeviceType::CPU
    private const sbyte BFloat16Type = 15; // c10::ScalarType::BFloat16

    private readonly bool _wasEnabled;

    private Autocast(bool enable)
    {
        _wasEnabled = IsEnabled(Cpu);
        if (enable)
        {
            SetDtype(Cpu, BFloat16Type);
        }

        SetEnabled(Cpu, enable);
        _ = IncrementNesting();
    }

    /// <summary>Opens a scope in which convolutions and linear maps compute in bfloat16.</summary>
    /// <exception cref="UsageException">The platform's libtorch does not export what is needed.</exception>
    public static Autocast BFloat16() => Open(enable: true);

    /// <summary>Opens a scope in which nothing is cast, inside one where it is: for heads and losses, which need float32.</summary>
    /// <exception cref="UsageException">The platform's libtorch does not export what is needed.</exception>
    public static Autocast Disabled() => Open(enable: false);

    /// <summary>Whether the calling thread is inside a bfloat16 scope; false where the platform has none.</summary>
    public static bool IsActive
    {
        get
        {
            try
            {
                return IsEnabled(Cpu);
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The outermost scope drops the cached bfloat16 copies of the weights: the optimiser is about to change them.
        if (DecrementNesting() == 0)
        {
            ClearCache();
        }

        SetEnabled(Cpu, _wasEnabled);
    }

    private static Autocast Open(bool enable)
    {
        try
        {
            return new Autocast(enable);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            throw new UsageException("precision bfloat16 is not available with this platform's libtorch; use precision: float32.", e);
        }
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.I1)]
    private static partial bool IsEnabled(sbyte device);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static partial void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.I1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static partial void SetDtype(sbyte device, sbyte dtype);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    private static partial int IncrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    private static partial int DecrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    private static partial void ClearCache();
}
