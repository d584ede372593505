using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Recognition.Search;

/// <summary>
/// Dot products of a panel's 32 rows of bytes (biased by 128) with 1 or 8 probes of signed bytes, as 32-bit integers: exact, so all variants
/// agree. Sums begin with −128 × the probe's sum, which takes the bias out; they fit in 32 bits up to 65,536 columns.
/// </summary>
internal static class Int8Kernel
{
    private const int Rows = PanelSegment.PanelRows;
    private const int FourBytes = Rows * Int8Rows.Together;
    private const int Probes = PanelKernel.GroupProbes;

    /// <summary>One probe: products[32].</summary>
    public static void One(ref byte panel, ref sbyte probe, int fours, int start, ref int products, ByteProducts variant)
    {
        switch (variant)
        {
            case ByteProducts.Vnni:
                OneVnni(ref panel, ref probe, fours, start, ref products);
                break;
            case ByteProducts.Avx2:
                Avx2Rows(ref panel, ref probe, Int8Rows.Together, fours, start, ref products);
                break;
            default:
                PortableRows(ref panel, ref probe, Int8Rows.Together, fours, ref products);
                break;
        }
    }

    /// <summary>Eight interleaved probes: products[8 × 32].</summary>
    public static void Eight(ref byte panel, ref sbyte probes, int fours, ReadOnlySpan<int> starts, ref int products, ByteProducts variant)
    {
        if (variant == ByteProducts.Vnni)
        {
            for (int rows = 0; rows < Rows; rows += 16)
            {
                for (int probe = 0; probe < Probes; probe += 4)
                {
                    FourVnni(
                        ref Unsafe.Add(ref panel, rows * Int8Rows.Together),
                        ref Unsafe.Add(ref probes, probe * Int8Rows.Together),
                        fours,
                        starts.Slice(probe, 4),
                        ref Unsafe.Add(ref products, (probe * Rows) + rows));
                }
            }

            return;
        }

        for (int probe = 0; probe < Probes; probe++)
        {
            ref sbyte one = ref Unsafe.Add(ref probes, probe * Int8Rows.Together);
            ref int to = ref Unsafe.Add(ref products, probe * Rows);
            if (variant == ByteProducts.Avx2)
            {
                Avx2Rows(ref panel, ref one, Probes * Int8Rows.Together, fours, starts[probe], ref to);
            }
            else
            {
                PortableRows(ref panel, ref one, Probes * Int8Rows.Together, fours, ref to);
            }
        }
    }

    private static void OneVnni(ref byte panel, ref sbyte probe, int fours, int start, ref int products)
    {
        // Two sets of sums, for even and odd fours: four chains alone would wait for each other.
        Vector256<int> a = Vector256.Create(start), b = a, c = a, d = a;
        Vector256<int> e = default, f = default, g = default, h = default;
        ref byte rows = ref panel;
        nint i = 0;
        for (; i + 1 < fours; i += 2)
        {
            Vector256<sbyte> even = Broadcast(ref Unsafe.Add(ref probe, i * Int8Rows.Together));
            Vector256<sbyte> odd = Broadcast(ref Unsafe.Add(ref probe, (i + 1) * Int8Rows.Together));
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.LoadUnsafe(ref rows), even);
            b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.LoadUnsafe(ref rows, 32), even);
            c = AvxVnni.MultiplyWideningAndAdd(c, Vector256.LoadUnsafe(ref rows, 64), even);
            d = AvxVnni.MultiplyWideningAndAdd(d, Vector256.LoadUnsafe(ref rows, 96), even);
            e = AvxVnni.MultiplyWideningAndAdd(e, Vector256.LoadUnsafe(ref rows, 128), odd);
            f = AvxVnni.MultiplyWideningAndAdd(f, Vector256.LoadUnsafe(ref rows, 160), odd);
            g = AvxVnni.MultiplyWideningAndAdd(g, Vector256.LoadUnsafe(ref rows, 192), odd);
            h = AvxVnni.MultiplyWideningAndAdd(h, Vector256.LoadUnsafe(ref rows, 224), odd);
            rows = ref Unsafe.Add(ref rows, 2 * FourBytes);
        }

        if (i < fours)
        {
            Vector256<sbyte> last = Broadcast(ref Unsafe.Add(ref probe, i * Int8Rows.Together));
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.LoadUnsafe(ref rows), last);
            b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.LoadUnsafe(ref rows, 32), last);
            c = AvxVnni.MultiplyWideningAndAdd(c, Vector256.LoadUnsafe(ref rows, 64), last);
            d = AvxVnni.MultiplyWideningAndAdd(d, Vector256.LoadUnsafe(ref rows, 96), last);
        }

        (a + e).StoreUnsafe(ref products);
        (b + f).StoreUnsafe(ref products, 8);
        (c + g).StoreUnsafe(ref products, 16);
        (d + h).StoreUnsafe(ref products, 24);
    }

    // 16 rows × 4 probes: 8 sums, 2 rows registers and a broadcast, of the 16 registers that this instruction's encoding reaches.
    private static void FourVnni(ref byte panel, ref sbyte probes, int fours, ReadOnlySpan<int> starts, ref int products)
    {
        Vector256<int> l0 = Vector256.Create(starts[0]), l1 = Vector256.Create(starts[1]), l2 = Vector256.Create(starts[2]), l3 = Vector256.Create(starts[3]);
        Vector256<int> h0 = l0, h1 = l1, h2 = l2, h3 = l3;
        ref byte rows = ref panel;
        ref sbyte p = ref probes;
        for (int i = 0; i < fours; i++)
        {
            var low = Vector256.LoadUnsafe(ref rows);
            var high = Vector256.LoadUnsafe(ref rows, 32);
            Vector256<sbyte> b = Broadcast(ref p);
            l0 = AvxVnni.MultiplyWideningAndAdd(l0, low, b);
            h0 = AvxVnni.MultiplyWideningAndAdd(h0, high, b);
            b = Broadcast(ref Unsafe.Add(ref p, 4));
            l1 = AvxVnni.MultiplyWideningAndAdd(l1, low, b);
            h1 = AvxVnni.MultiplyWideningAndAdd(h1, high, b);
            b = Broadcast(ref Unsafe.Add(ref p, 8));
            l2 = AvxVnni.MultiplyWideningAndAdd(l2, low, b);
            h2 = AvxVnni.MultiplyWideningAndAdd(h2, high, b);
            b = Broadcast(ref Unsafe.Add(ref p, 12));
            l3 = AvxVnni.MultiplyWideningAndAdd(l3, low, b);
            h3 = AvxVnni.MultiplyWideningAndAdd(h3, high, b);
            rows = ref Unsafe.Add(ref rows, FourBytes);
            p = ref Unsafe.Add(ref p, Probes * Int8Rows.Together);
        }

        l0.StoreUnsafe(ref products);
        h0.StoreUnsafe(ref products, 8);
        l1.StoreUnsafe(ref products, Rows);
        h1.StoreUnsafe(ref products, Rows + 8);
        l2.StoreUnsafe(ref products, 2 * Rows);
        h2.StoreUnsafe(ref products, (2 * Rows) + 8);
        l3.StoreUnsafe(ref products, 3 * Rows);
        h3.StoreUnsafe(ref products, (3 * Rows) + 8);
    }

    // A call, even on a path that is never taken, would send all sums through memory in every step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Broadcast(ref sbyte four) => Vector256.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref four))).AsSByte();

    // Eight rows a step: a sum of 32 bits is two products, so a row's sum lies in two lanes until the end.
    private static void Avx2Rows(ref byte panel, ref sbyte probe, int stride, int fours, int start, ref int products)
    {
        for (int rows = 0; rows < Rows; rows += 16)
        {
            Vector256<int> a = default, b = default, c = default, d = default;
            ref byte at = ref Unsafe.Add(ref panel, rows * Int8Rows.Together);
            ref sbyte p = ref probe;
            for (int i = 0; i < fours; i++)
            {
                Vector128<short> one = Avx2.ConvertToVector128Int16(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref p))).AsSByte());
                var four = Vector256.Create(one.AsInt64()[0]).AsInt16();
                a += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref at)), four);
                b += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref at, 16)), four);
                c += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref at, 32)), four);
                d += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref at, 48)), four);
                at = ref Unsafe.Add(ref at, FourBytes);
                p = ref Unsafe.Add(ref p, stride);
            }

            // Adding neighbours works within halves of a register, so its quarters come out in the order 0 2 1 3.
            var bias = Vector256.Create(start);
            (Avx2.Permute4x64(Avx2.HorizontalAdd(a, b).AsInt64(), 0b11_01_10_00).AsInt32() + bias).StoreUnsafe(ref products, (nuint)rows);
            (Avx2.Permute4x64(Avx2.HorizontalAdd(c, d).AsInt64(), 0b11_01_10_00).AsInt32() + bias).StoreUnsafe(ref products, (nuint)(rows + 8));
        }
    }

    // Signed products fit 16 bits; even and odd ones are widened and added, which leaves a row's sum in two lanes.
    private static void PortableRows(ref byte panel, ref sbyte probe, int stride, int fours, ref int products)
    {
        var unbias = Vector128.Create((byte)Int8Rows.Bias);
        Span<int> halves = stackalloc int[8];
        for (int rows = 0; rows < Rows; rows += 4)
        {
            Vector128<int> low = default, high = default;
            for (nint i = 0; i < fours; i++)
            {
                ref sbyte p = ref Unsafe.Add(ref probe, i * stride);
                Vector128<short> four = Vector128.WidenLower(Vector128.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref p))).AsSByte());
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref panel, (nuint)((i * FourBytes) + (rows * Int8Rows.Together))) ^ unbias;
                low += Pairs(Vector128.WidenLower(bytes.AsSByte()) * four);
                high += Pairs(Vector128.WidenUpper(bytes.AsSByte()) * four);
            }

            low.StoreUnsafe(ref MemoryMarshal.GetReference(halves));
            high.StoreUnsafe(ref MemoryMarshal.GetReference(halves), 4);
            for (int i = 0; i < 4; i++)
            {
                Unsafe.Add(ref products, rows + i) = halves[2 * i] + halves[(2 * i) + 1];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(Vector128<short> products)
    {
        Vector128<int> both = products.AsInt32();
        return ((both << 16) >> 16) + (both >> 16);
    }
}
