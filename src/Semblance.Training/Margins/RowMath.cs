using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Semblance.Training.Margins;

/// <summary>
/// The passes over a row of logits. In float32 an exponential of our own is taken, exact to 2 units in the last place: the framework's
/// computes in float64 inside and takes twice the time.
/// </summary>
internal static class RowMath
{
    // Below this an exponential counts for nothing beside a largest one of 1; and divided by the sum it would be no normal number, which
    // processors multiply slowly.
    private const float Smallest = -80;

    /// <summary>row ← exp(scale·row − shift).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="shift">Such that no exponent is above 0.</param>
    /// <returns>The sum of the row.</returns>
    public static T Exponentials<T>(Span<T> row, T scale, T shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Span<float> narrow = MemoryMarshal.Cast<T, float>(row);
            return T.CreateChecked(Exponentials(narrow, narrow, float.CreateChecked(scale), float.CreateChecked(shift)));
        }

        TensorPrimitives.Multiply(row, scale, row);
        TensorPrimitives.Subtract(row, shift, row);
        TensorPrimitives.Exp<T>(row, row);
        return TensorPrimitives.Sum<T>(row);
    }

    /// <summary>Σ exp(scale·row − shift), the row left as it is.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="shift">Such that no exponent is above 0.</param>
    /// <param name="scratch">As long as the row; overwritten.</param>
    public static T SumOfExponentials<T>(ReadOnlySpan<T> row, T scale, T shift, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return T.CreateChecked(Exponentials(MemoryMarshal.Cast<T, float>(row), default, float.CreateChecked(scale), float.CreateChecked(shift)));
        }

        row.CopyTo(scratch);
        return Exponentials(scratch, scale, shift);
    }

    /// <summary>The largest value but for one; −∞ where there is no other.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The row.</param>
    /// <param name="but">The index left out.</param>
    public static T LargestBut<T>(ReadOnlySpan<T> row, int but)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.Max(Largest(row[..but]), Largest(row[(but + 1)..]));

    /// <summary>The largest value; −∞ for an empty row.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The row, without NaN.</param>
    public static T Largest<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(row);
        T largest = T.NegativeInfinity;
        if (wide.Length >= 4)
        {
            // Four of them, since each would wait for the one before.
            (Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d) = (wide[0], wide[1], wide[2], wide[3]);
            int i = 4;
            for (; i + 3 < wide.Length; i += 4)
            {
                a = Vector.MaxNative(a, wide[i]);
                b = Vector.MaxNative(b, wide[i + 1]);
                c = Vector.MaxNative(c, wide[i + 2]);
                d = Vector.MaxNative(d, wide[i + 3]);
            }

            a = Vector.MaxNative(Vector.MaxNative(a, b), Vector.MaxNative(c, d));
            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                largest = T.Max(largest, a[lane]);
            }

            row = row[(i * Vector<T>.Count)..];
        }

        foreach (T value in row)
        {
            largest = T.Max(largest, value);
        }

        return largest;
    }

    /// <summary>exp(x), lane by lane, for x up to 88; 0 from −80 down.</summary>
    /// <param name="x">The exponents.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        // Added to a number this rounds it to a whole one and leaves it in the low bits (Cephes' expf, with its coefficients).
        var magic = new Vector<float>(12582912f);
        Vector<float> bounded = Vector.MaxNative(x, new Vector<float>(Smallest));
        Vector<float> rounded = Vector.FusedMultiplyAdd(bounded, new Vector<float>(1.44269504f), magic);
        Vector<float> n = rounded - magic;
        Vector<float> r = Vector.FusedMultiplyAdd(n, new Vector<float>(-0.693359375f), bounded);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(2.12194440e-4f), r);
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p * r, r, r + Vector<float>.One);
        Vector<float> result = Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(rounded) << 23));
        return Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(Smallest)), result, Vector<float>.Zero);
    }

    // Into to, where it is not empty.
    private static float Exponentials(ReadOnlySpan<float> from, Span<float> to, float scale, float shift)
    {
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(from);
        Span<Vector<float>> target = MemoryMarshal.Cast<float, Vector<float>>(to);
        bool keeps = !to.IsEmpty;
        (Vector<float> s, Vector<float> negated) = (new(scale), new(-shift));
        (Vector<float> even, Vector<float> odd) = (Vector<float>.Zero, Vector<float>.Zero);
        int i = 0;
        for (; i + 1 < wide.Length; i += 2)
        {
            Vector<float> a = Exp(Vector.FusedMultiplyAdd(wide[i], s, negated));
            Vector<float> b = Exp(Vector.FusedMultiplyAdd(wide[i + 1], s, negated));
            even += a;
            odd += b;
            if (keeps)
            {
                target[i] = a;
                target[i + 1] = b;
            }
        }

        float sum = Vector.Sum(even + odd);
        for (int j = i * Vector<float>.Count; j < from.Length; j++)
        {
            float power = MathF.Exp((from[j] * scale) - shift);
            sum += power;
            if (keeps)
            {
                to[j] = power;
            }
        }

        return sum;
    }
}
