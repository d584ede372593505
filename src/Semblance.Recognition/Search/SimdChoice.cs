using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Recognition.Search;

/// <summary>Which instructions the kernels use. All choices give the same bits; tests run every one that the machine has.</summary>
/// <param name="Wide">512-bit registers instead of pairs of 256-bit ones.</param>
/// <param name="Bytes">How bytes are multiplied.</param>
internal readonly record struct SimdChoice(bool Wide, ByteProducts Bytes)
{
    /// <summary>The fastest of this machine.</summary>
    public static SimdChoice Best { get; } = new(
        Vector512.IsHardwareAccelerated,
        AvxVnni.IsSupported ? ByteProducts.Vnni : Avx2.IsSupported ? ByteProducts.Avx2 : ByteProducts.Portable);

    /// <summary>All that this machine can run.</summary>
    public static IReadOnlyList<SimdChoice> Supported { get; } =
    [
        .. from wide in new[] { false, true }
           from bytes in Enum.GetValues<ByteProducts>()
           where (bytes != ByteProducts.Vnni || AvxVnni.IsSupported) && (bytes != ByteProducts.Avx2 || Avx2.IsSupported)
           select new SimdChoice(wide, bytes),
    ];
}
