using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Recognition.Search;

/// <summary>
/// The sum of products of a row of bytes (biased by 128), which lies whole, with a probe of signed bytes. Exact, so all variants agree; the
/// bias, 128 × the probe's sum, is for the caller to take out. Lengths are multiples of 32.
/// </summary>
internal static unsafe class ByteRowKernel
{
    /// <summary>What lengths are a multiple of.</summary>
    public const int Step = 32;

    public static int Dot(byte* row, sbyte* probe, int length, ByteProducts variant) => variant switch
    {
        ByteProducts.Vnni => Vnni(row, probe, length),
        ByteProducts.Avx2 => Wide(row, probe, length),
        _ => Portable(row, probe, length),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Vnni(byte* row, sbyte* probe, int length)
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i <= length - (4 * Step); i += 4 * Step)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(row + i), Vector256.Load(probe + i));
            b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.Load(row + i + Step), Vector256.Load(probe + i + Step));
            c = AvxVnni.MultiplyWideningAndAdd(c, Vector256.Load(row + i + (2 * Step)), Vector256.Load(probe + i + (2 * Step)));
            d = AvxVnni.MultiplyWideningAndAdd(d, Vector256.Load(row + i + (3 * Step)), Vector256.Load(probe + i + (3 * Step)));
        }

        for (; i < length; i += Step)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(row + i), Vector256.Load(probe + i));
        }

        return Vector256.Sum((a + b) + (c + d));
    }

    private static int Wide(byte* row, sbyte* probe, int length)
    {
        Vector256<int> a = default, b = default;
        for (int i = 0; i < length; i += Step)
        {
            a += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Avx2.ConvertToVector256Int16(probe + i));
            b += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i + 16), Avx2.ConvertToVector256Int16(probe + i + 16));
        }

        return Vector256.Sum(a + b);
    }

    // Products of a byte and a signed byte fit 16 bits; pairs of them need 32.
    private static int Portable(byte* row, sbyte* probe, int length)
    {
        Vector128<int> sum = default;
        for (int i = 0; i < length; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> lowRow, Vector128<ushort> highRow) = Vector128.Widen(Vector128.Load(row + i));
            (Vector128<short> lowProbe, Vector128<short> highProbe) = Vector128.Widen(Vector128.Load(probe + i));
            (Vector128<int> a, Vector128<int> b) = Vector128.Widen(lowRow.AsInt16() * lowProbe);
            (Vector128<int> c, Vector128<int> d) = Vector128.Widen(highRow.AsInt16() * highProbe);
            sum += (a + b) + (c + d);
        }

        return Vector128.Sum(sum);
    }
}
