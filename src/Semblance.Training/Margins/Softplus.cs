using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Semblance.Training.Margins;

/// <summary>log(1 + eᶻ) and its slope, with all digits also where eᶻ is far below 1: ten thousand such terms make a loss.</summary>
internal static class Softplus
{
    /// <summary>log(1 + eᶻ).</summary>
    public static double Of(double z) => Math.Max(z, 0) + LogOnePlus(Math.Exp(-Math.Abs(z)));

    /// <summary>1/(1 + e⁻ᶻ).</summary>
    public static double Slope(double z)
    {
        double e = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>Σ log(1 + eᶻ) over a row, z being scale·value − offset, and in the row's place the slopes times a weight.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The values; −∞ adds nothing.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="weight">What slopes are multiplied by.</param>
    public static double SumAndSlopes<T>(Span<T> row, T scale, T offset, T weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        int done = 0;
        if (typeof(T) == typeof(float))
        {
            Span<Vector<float>> wide = MemoryMarshal.Cast<T, Vector<float>>(row);
            sum = SumAndSlopes(wide, float.CreateChecked(scale), float.CreateChecked(offset), float.CreateChecked(weight));
            done = wide.Length * Vector<float>.Count;
        }

        for (int i = done; i < row.Length; i++)
        {
            double z = double.CreateChecked((row[i] * scale) - offset);
            sum += Of(z);
            row[i] = weight * T.CreateChecked(Slope(z));
        }

        return sum;
    }

    private static float SumAndSlopes(Span<Vector<float>> row, float scale, float offset, float weight)
    {
        (Vector<float> s, Vector<float> b, Vector<float> w) = (new(scale), new(-offset), new(weight));
        Vector<float> one = Vector<float>.One;
        Vector<float> total = Vector<float>.Zero;
        var small = new Vector<float>(1 / 16f);
        for (int i = 0; i < row.Length; i++)
        {
            Vector<float> z = Vector.FusedMultiplyAdd(row[i], s, b);
            Vector<float> e = RowMath.Exp(-Vector.Abs(z));
            bool allSmall = Vector.LessThanAll(e, small);
            total += Vector.MaxNative(z, Vector<float>.Zero) + (allSmall ? LogOfSmall(e) : LogOfAny(e));
            Vector<float> inverse = allSmall ? InverseOfSmall(e) : one / (one + e);
            row[i] = w * Vector.ConditionalSelect(Vector.GreaterThanOrEqual(z, Vector<float>.Zero), one, e) * inverse;
        }

        return Vector.Sum(total);
    }

    // log(1 + e) for e up to 1/16 by its series.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LogOfSmall(Vector<float> e)
    {
        var p = new Vector<float>(1 / 5f);
        p = Vector.FusedMultiplyAdd(p, e, new Vector<float>(-1 / 4f));
        p = Vector.FusedMultiplyAdd(p, e, new Vector<float>(1 / 3f));
        p = Vector.FusedMultiplyAdd(p, e, new Vector<float>(-1 / 2f));
        return Vector.FusedMultiplyAdd(p * e, e, e);
    }

    // 1/(1 + e) for e up to 1/16 by its series, faster than a division.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> InverseOfSmall(Vector<float> e)
    {
        Vector<float> square = e * e;
        Vector<float> p = Vector.FusedMultiplyAdd(square, square, Vector<float>.One + square);
        return Vector.FusedMultiplyAdd(-e, p, p);
    }

    // log(1 + e) = 2·artanh(e/(2 + e)) for e up to 1, whose series in at most 1/3 needs seven terms.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LogOfAny(Vector<float> e)
    {
        Vector<float> ratio = e / (e + new Vector<float>(2));
        Vector<float> square = ratio * ratio;
        var p = new Vector<float>(2 / 13f);
        for (int k = 11; k > 0; k -= 2)
        {
            p = Vector.FusedMultiplyAdd(p, square, new Vector<float>(2f / k));
        }

        return p * ratio;
    }

    // Kahan's correction of the rounding in 1 + e.
    private static double LogOnePlus(double e)
    {
        double u = 1 + e;
        return u == 1 ? e : Math.Log(u) * e / (u - 1);
    }
}
