using System.Numerics;
using System.Runtime.InteropServices;

namespace Semblance.Training.Margins;

/// <summary>
/// The passes over the other classes of a row that <see cref="OtherBend"/> bends. The slopes do not depend on the sum of the exponentials, so
/// that bending, exponential and slope are one pass, in place: a copy of the row would drive it out of the first-level cache.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class RowBend<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _quadratic;
    private readonly T _linear;
    private readonly T _constant;
    private readonly T _slopeLinear;
    private readonly T _slopeConstant;
    private readonly bool _zeroBelow;

    public RowBend(OtherBend rule)
    {
        (_quadratic, _linear, _constant) = (T.CreateChecked(rule.Quadratic), T.CreateChecked(rule.Linear), T.CreateChecked(rule.Constant));
        (_slopeLinear, _slopeConstant, _zeroBelow) = (T.CreateChecked(rule.SlopeLinear), T.CreateChecked(rule.SlopeConstant), rule.ZeroBelow);
    }

    /// <summary>Whether a row has something to bend.</summary>
    /// <param name="bound">The sample's bound.</param>
    /// <param name="largest">The largest cosine of another class.</param>
    public bool Bends(T bound, T largest) => _zeroBelow || largest > bound;

    /// <summary>The largest of the bent cosines; −∞ for none.</summary>
    /// <param name="cosines">Of the other classes.</param>
    /// <param name="bound">The sample's bound.</param>
    public T Largest(ReadOnlySpan<T> cosines, T bound)
    {
        ReadOnlySpan<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(cosines);
        (Vector<T> bounds, Vector<T> largest) = (new(bound), new(T.NegativeInfinity));
        (Vector<T> q, Vector<T> l, Vector<T> k) = (new(_quadratic), new(_linear), new(_constant));
        Vector<T> keep = _zeroBelow ? Vector<T>.Zero : Vector<T>.AllBitsSet;
        foreach (Vector<T> c in wide)
        {
            largest = Vector.MaxNative(largest, Vector.ConditionalSelect(Vector.GreaterThan(c, bounds), (((q * c) + l) * c) + k, c & keep));
        }

        T result = T.NegativeInfinity;
        for (int lane = 0; lane < Vector<T>.Count; lane++)
        {
            result = T.Max(result, largest[lane]);
        }

        foreach (T c in cosines[(wide.Length * Vector<T>.Count)..])
        {
            result = T.Max(result, Bent(c, bound));
        }

        return result;
    }

    /// <summary>c ← exp(scale·N(c) − shift)·N′(c), N being the rule.</summary>
    /// <param name="cosines">Of the other classes.</param>
    /// <param name="bound">The sample's bound.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="shift">Such that no exponent is above 0.</param>
    /// <returns>The sum of the exponentials.</returns>
    public double Exponentials(Span<T> cosines, T bound, T scale, T shift)
    {
        double sum = 0;
        int done = 0;
        if (typeof(T) == typeof(float))
        {
            Span<Vector<float>> wide = MemoryMarshal.Cast<T, Vector<float>>(cosines);
            sum = Exponentials(wide, float.CreateChecked(bound), float.CreateChecked(scale), float.CreateChecked(shift));
            done = wide.Length * Vector<float>.Count;
        }

        for (int i = done; i < cosines.Length; i++)
        {
            T c = cosines[i];
            T power = T.Exp((scale * Bent(c, bound)) - shift);
            sum += double.CreateChecked(power);
            cosines[i] = power * (c > bound ? (_slopeLinear * c) + _slopeConstant : _zeroBelow ? T.Zero : T.One);
        }

        return sum;
    }

    private T Bent(T c, T bound) => c > bound ? (((_quadratic * c) + _linear) * c) + _constant : _zeroBelow ? T.Zero : c;

    private float Exponentials(Span<Vector<float>> cosines, float bound, float scale, float shift)
    {
        // The scale goes into the coefficients.
        (Vector<float> q, Vector<float> l) = (new(float.CreateChecked(_quadratic) * scale), new(float.CreateChecked(_linear) * scale));
        Vector<float> k = new((float.CreateChecked(_constant) * scale) - shift);
        (Vector<float> u, Vector<float> v) = (new(float.CreateChecked(_slopeLinear)), new(float.CreateChecked(_slopeConstant)));
        (Vector<float> bounds, Vector<float> shifts) = (new(bound), new(-shift));
        (Vector<float> scaleBelow, Vector<float> slopeBelow) = (new(_zeroBelow ? 0 : scale), new(_zeroBelow ? 0 : 1f));
        Vector<float> sum = Vector<float>.Zero;
        for (int i = 0; i < cosines.Length; i++)
        {
            Vector<float> c = cosines[i];
            Vector<float> above = Vector.GreaterThan(c, bounds).As<int, float>();
            Vector<float> bent = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(q, c, l), c, k);
            Vector<float> power = RowMath.Exp(Vector.ConditionalSelect(above, bent, Vector.FusedMultiplyAdd(scaleBelow, c, shifts)));
            sum += power;
            cosines[i] = power * Vector.ConditionalSelect(above, Vector.FusedMultiplyAdd(u, c, v), slopeBelow);
        }

        return Vector.Sum(sum);
    }
}
