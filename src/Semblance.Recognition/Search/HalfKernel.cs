using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Semblance.Recognition.Search;

/// <summary>
/// Dot products with panels of float16. A finite half becomes a float by three integer instructions: widen with its sign, shift the
/// exponent and mantissa into place, clear what the sign filled. The exponent's bias then is off by 112, so the float is 2⁻¹¹² of the
/// half, exactly; multiplying the probe by 2¹¹² makes up for it without a rounding.
/// </summary>
internal static class HalfKernel
{
    /// <summary>2¹¹².</summary>
    public const float ProbeScale = 5.192296858534828e33f;

    private const int Rows = PanelSegment.PanelRows;
    private const int Shift = 13;
    private const int SignAndValue = unchecked((int)0x8FFFFFFF);

    /// <summary>One probe, times what the rows lack: scores[32]. Each score is one chain of fused multiply-adds over the columns in order.</summary>
    public static void One(ref short panel, ref float probe, int dimension, ref float scores, bool wide)
    {
        if (wide)
        {
            Vector512<float> low = default, high = default;
            for (nint c = 0; c < dimension; c++)
            {
                var p = Vector512.Create(Unsafe.Add(ref probe, c));
                (Vector512<int> first, Vector512<int> second) = Vector512.Widen(Vector512.LoadUnsafe(ref panel, (nuint)(c * Rows)));
                low = Vector512.MultiplyAddEstimate(ToSingle(first), p, low);
                high = Vector512.MultiplyAddEstimate(ToSingle(second), p, high);
            }

            low.StoreUnsafe(ref scores);
            high.StoreUnsafe(ref scores, 16);
            return;
        }

        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint c = 0; c < dimension; c++)
        {
            var p = Vector256.Create(Unsafe.Add(ref probe, c));
            (Vector256<int> a, Vector256<int> b) = Vector256.Widen(Vector256.LoadUnsafe(ref panel, (nuint)(c * Rows)));
            (Vector256<int> d, Vector256<int> e) = Vector256.Widen(Vector256.LoadUnsafe(ref panel, (nuint)((c * Rows) + 16)));
            s0 = Vector256.MultiplyAddEstimate(ToSingle(a), p, s0);
            s1 = Vector256.MultiplyAddEstimate(ToSingle(b), p, s1);
            s2 = Vector256.MultiplyAddEstimate(ToSingle(d), p, s2);
            s3 = Vector256.MultiplyAddEstimate(ToSingle(e), p, s3);
        }

        s0.StoreUnsafe(ref scores);
        s1.StoreUnsafe(ref scores, 8);
        s2.StoreUnsafe(ref scores, 16);
        s3.StoreUnsafe(ref scores, 24);
    }

    /// <summary>Widens a multiple of 32 halves to floats, times a power of two.</summary>
    public static void Widen(ref short halves, int count, float scale, ref float floats)
    {
        var s = Vector256.Create(scale);
        for (nint i = 0; i < count; i += 16)
        {
            (Vector256<int> a, Vector256<int> b) = Vector256.Widen(Vector256.LoadUnsafe(ref halves, (nuint)i));
            (ToSingle(a) * s).StoreUnsafe(ref floats, (nuint)i);
            (ToSingle(b) * s).StoreUnsafe(ref floats, (nuint)(i + 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToSingle(Vector512<int> widened) => ((widened << Shift) & Vector512.Create(SignAndValue)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToSingle(Vector256<int> widened) => ((widened << Shift) & Vector256.Create(SignAndValue)).AsSingle();
}
