using System.Numerics;
using System.Runtime.InteropServices;

namespace Semblance.Training.Margins;

/// <summary>Applies an <see cref="OtherBend"/> to a row, several logits at a time.</summary>
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

    /// <summary>Bends one row, the own class among the others.</summary>
    /// <param name="cosines">[classes].</param>
    /// <param name="bent">[classes], written where true is returned.</param>
    /// <param name="slopes">[classes], written where true is returned.</param>
    /// <param name="bound">The sample's bound.</param>
    /// <param name="largest">The largest cosine of another class.</param>
    /// <returns>False where nothing is bent.</returns>
    public bool Apply(ReadOnlySpan<T> cosines, Span<T> bent, Span<T> slopes, T bound, T largest)
    {
        if (!_zeroBelow && largest <= bound)
        {
            return false;
        }

        ReadOnlySpan<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(cosines);
        Span<Vector<T>> wideBent = MemoryMarshal.Cast<T, Vector<T>>(bent);
        Span<Vector<T>> wideSlopes = MemoryMarshal.Cast<T, Vector<T>>(slopes);
        var bounds = new Vector<T>(bound);
        (Vector<T> q, Vector<T> l, Vector<T> k) = (new(_quadratic), new(_linear), new(_constant));
        (Vector<T> u, Vector<T> v) = (new(_slopeLinear), new(_slopeConstant));
        Vector<T> slopeBelow = _zeroBelow ? Vector<T>.Zero : Vector<T>.One;
        for (int i = 0; i < wide.Length; i++)
        {
            Vector<T> c = wide[i];
            Vector<T> above = Vector.GreaterThan(c, bounds).As<T, T>();
            wideBent[i] = Vector.ConditionalSelect(above, (((q * c) + l) * c) + k, _zeroBelow ? Vector<T>.Zero : c);
            wideSlopes[i] = Vector.ConditionalSelect(above, (u * c) + v, slopeBelow);
        }

        for (int i = wide.Length * Vector<T>.Count; i < cosines.Length; i++)
        {
            T c = cosines[i];
            bool above = c > bound;
            bent[i] = above ? (((_quadratic * c) + _linear) * c) + _constant : _zeroBelow ? T.Zero : c;
            slopes[i] = above ? (_slopeLinear * c) + _slopeConstant : _zeroBelow ? T.Zero : T.One;
        }

        return true;
    }
}
