using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Semblance.Recognition.Search;

/// <summary>
/// Dot products of a panel's 32 rows with 1 or 8 probes. Each score is one chain of fused multiply-adds over the columns in order, whatever
/// the register width and the number of probes, so that a score does not depend on what was searched beside it.
/// </summary>
internal static class PanelKernel
{
    /// <summary>Probes in a full group; their columns are interleaved as the rows' are.</summary>
    public const int GroupProbes = 8;

    private const int Rows = PanelSegment.PanelRows;

    /// <summary>One probe: scores[32].</summary>
    public static void One(ref float panel, ref float probe, int dimension, ref float scores, bool wide)
    {
        if (wide)
        {
            One512(ref panel, ref probe, dimension, ref scores);
        }
        else
        {
            One256(ref panel, ref probe, dimension, ref scores);
        }
    }

    /// <summary>Eight interleaved probes: scores[8 × 32].</summary>
    public static void Eight(ref float panel, ref float probes, int dimension, ref float scores, bool wide)
    {
        if (wide)
        {
            Eight512(ref panel, ref probes, dimension, ref scores);
            return;
        }

        for (int rows = 0; rows < Rows; rows += 16)
        {
            for (int group = 0; group < GroupProbes; group += 4)
            {
                Four256(ref Unsafe.Add(ref panel, rows), ref Unsafe.Add(ref probes, group), dimension, ref Unsafe.Add(ref scores, (group * Rows) + rows));
            }
        }
    }

    private static void One512(ref float panel, ref float probe, int dimension, ref float scores)
    {
        Vector512<float> low = default, high = default;
        for (nint c = 0; c < dimension; c++)
        {
            var p = Vector512.Create(Unsafe.Add(ref probe, c));
            low = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref panel, (nuint)(c * Rows)), p, low);
            high = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref panel, (nuint)((c * Rows) + 16)), p, high);
        }

        low.StoreUnsafe(ref scores);
        high.StoreUnsafe(ref scores, 16);
    }

    // 16 accumulators, 2 rows registers and a broadcast: two thirds of the 32 registers, and enough chains to hide the latency of FMA.
    private static void Eight512(ref float panel, ref float probes, int dimension, ref float scores)
    {
        Vector512<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
        Vector512<float> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default, h6 = default, h7 = default;
        ref float p = ref probes;
        ref float rows = ref panel;
        for (int c = 0; c < dimension; c++)
        {
            var low = Vector512.LoadUnsafe(ref rows);
            var high = Vector512.LoadUnsafe(ref rows, 16);
            var b = Vector512.Create(p);
            l0 = Vector512.MultiplyAddEstimate(low, b, l0);
            h0 = Vector512.MultiplyAddEstimate(high, b, h0);
            b = Vector512.Create(Unsafe.Add(ref p, 1));
            l1 = Vector512.MultiplyAddEstimate(low, b, l1);
            h1 = Vector512.MultiplyAddEstimate(high, b, h1);
            b = Vector512.Create(Unsafe.Add(ref p, 2));
            l2 = Vector512.MultiplyAddEstimate(low, b, l2);
            h2 = Vector512.MultiplyAddEstimate(high, b, h2);
            b = Vector512.Create(Unsafe.Add(ref p, 3));
            l3 = Vector512.MultiplyAddEstimate(low, b, l3);
            h3 = Vector512.MultiplyAddEstimate(high, b, h3);
            b = Vector512.Create(Unsafe.Add(ref p, 4));
            l4 = Vector512.MultiplyAddEstimate(low, b, l4);
            h4 = Vector512.MultiplyAddEstimate(high, b, h4);
            b = Vector512.Create(Unsafe.Add(ref p, 5));
            l5 = Vector512.MultiplyAddEstimate(low, b, l5);
            h5 = Vector512.MultiplyAddEstimate(high, b, h5);
            b = Vector512.Create(Unsafe.Add(ref p, 6));
            l6 = Vector512.MultiplyAddEstimate(low, b, l6);
            h6 = Vector512.MultiplyAddEstimate(high, b, h6);
            b = Vector512.Create(Unsafe.Add(ref p, 7));
            l7 = Vector512.MultiplyAddEstimate(low, b, l7);
            h7 = Vector512.MultiplyAddEstimate(high, b, h7);
            p = ref Unsafe.Add(ref p, GroupProbes);
            rows = ref Unsafe.Add(ref rows, Rows);
        }

        l0.StoreUnsafe(ref scores);
        h0.StoreUnsafe(ref scores, 16);
        l1.StoreUnsafe(ref scores, 32);
        h1.StoreUnsafe(ref scores, 48);
        l2.StoreUnsafe(ref scores, 64);
        h2.StoreUnsafe(ref scores, 80);
        l3.StoreUnsafe(ref scores, 96);
        h3.StoreUnsafe(ref scores, 112);
        l4.StoreUnsafe(ref scores, 128);
        h4.StoreUnsafe(ref scores, 144);
        l5.StoreUnsafe(ref scores, 160);
        h5.StoreUnsafe(ref scores, 176);
        l6.StoreUnsafe(ref scores, 192);
        h6.StoreUnsafe(ref scores, 208);
        l7.StoreUnsafe(ref scores, 224);
        h7.StoreUnsafe(ref scores, 240);
    }

    private static void One256(ref float panel, ref float probe, int dimension, ref float scores)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < dimension; i++)
        {
            nuint at = (nuint)(i * Rows);
            var p = Vector256.Create(Unsafe.Add(ref probe, i));
            a = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref panel, at), p, a);
            b = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref panel, at + 8), p, b);
            c = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref panel, at + 16), p, c);
            d = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref panel, at + 24), p, d);
        }

        a.StoreUnsafe(ref scores);
        b.StoreUnsafe(ref scores, 8);
        c.StoreUnsafe(ref scores, 16);
        d.StoreUnsafe(ref scores, 24);
    }

    // 16 rows × 4 probes: 8 accumulators, what 16 registers have room for.
    private static void Four256(ref float panel, ref float probes, int dimension, ref float scores)
    {
        Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, h0 = default, h1 = default, h2 = default, h3 = default;
        ref float p = ref probes;
        ref float rows = ref panel;
        for (int c = 0; c < dimension; c++)
        {
            var low = Vector256.LoadUnsafe(ref rows);
            var high = Vector256.LoadUnsafe(ref rows, 8);
            var b = Vector256.Create(p);
            l0 = Vector256.MultiplyAddEstimate(low, b, l0);
            h0 = Vector256.MultiplyAddEstimate(high, b, h0);
            b = Vector256.Create(Unsafe.Add(ref p, 1));
            l1 = Vector256.MultiplyAddEstimate(low, b, l1);
            h1 = Vector256.MultiplyAddEstimate(high, b, h1);
            b = Vector256.Create(Unsafe.Add(ref p, 2));
            l2 = Vector256.MultiplyAddEstimate(low, b, l2);
            h2 = Vector256.MultiplyAddEstimate(high, b, h2);
            b = Vector256.Create(Unsafe.Add(ref p, 3));
            l3 = Vector256.MultiplyAddEstimate(low, b, l3);
            h3 = Vector256.MultiplyAddEstimate(high, b, h3);
            p = ref Unsafe.Add(ref p, GroupProbes);
            rows = ref Unsafe.Add(ref rows, Rows);
        }

        l0.StoreUnsafe(ref scores);
        h0.StoreUnsafe(ref scores, 8);
        l1.StoreUnsafe(ref scores, 32);
        h1.StoreUnsafe(ref scores, 40);
        l2.StoreUnsafe(ref scores, 64);
        h2.StoreUnsafe(ref scores, 72);
        l3.StoreUnsafe(ref scores, 96);
        h3.StoreUnsafe(ref scores, 104);
    }
}
