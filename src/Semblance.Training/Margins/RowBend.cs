using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>Whether what is at or below the bound becomes 0.</summary>
    public bool ZeroesBelow => _zeroBelow;

    /// <summary>Whether a row has something to bend.</summary>
    /// <param name="bound">The sample's bound.</param>
    /// <param name="largest">The largest cosine of another class.</param>
    public bool Bends(T bound, T largest) => _zeroBelow || largest > bound;

    /// <summary>Bends one row in place, the own class among the others.</summary>
    /// <param name="cosines">[classes]; −∞ at the own class, to leave it out of what is returned.</param>
    /// <param name="kept">[classes], to keep the cosines in.</param>
    /// <param name="bound">The sample's bound.</param>
    /// <returns>The largest of the bent logits; a 0 of the own class counts where the rule gives zeros.</returns>
    public T Apply(Span<T> cosines, Span<T> kept, T bound)
    {
        Span<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(cosines);
        Span<Vector<T>> wideKept = MemoryMarshal.Cast<T, Vector<T>>(kept);
        var bounds = new Vector<T>(bound);
        (Vector<T> q, Vector<T> l, Vector<T> k) = (new(_quadratic), new(_linear), new(_constant));
        Vector<T> largest = new(T.NegativeInfinity);
        for (int i = 0; i < wide.Length; i++)
        {
            Vector<T> c = wide[i];
            wideKept[i] = c;
            Vector<T> bent = Vector.ConditionalSelect(Vector.GreaterThan(c, bounds), (((q * c) + l) * c) + k, _zeroBelow ? Vector<T>.Zero : c);
            wide[i] = bent;
            largest = Vector.MaxNative(largest, bent);
        }

        T result = RowMath.Largest<T>(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector<T>, T>(ref largest), Vector<T>.Count));
        for (int i = wide.Length * Vector<T>.Count; i < cosines.Length; i++)
        {
            T c = cosines[i];
            kept[i] = c;
            cosines[i] = c > bound ? (((_quadratic * c) + _linear) * c) + _constant : _zeroBelow ? T.Zero : c;
            result = T.Max(result, cosines[i]);
        }

        return result;
    }

    /// <summary>Multiplies by the slopes.</summary>
    /// <param name="cosines">[classes], not bent.</param>
    /// <param name="gradients">[classes], multiplied in place.</param>
    /// <param name="bound">The sample's bound.</param>
    public void MultiplySlopes(ReadOnlySpan<T> cosines, Span<T> gradients, T bound)
    {
        ReadOnlySpan<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(cosines);
        Span<Vector<T>> wideGradients = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        var bounds = new Vector<T>(bound);
        (Vector<T> u, Vector<T> v) = (new(_slopeLinear), new(_slopeConstant));
        Vector<T> below = _zeroBelow ? Vector<T>.Zero : Vector<T>.One;
        for (int i = 0; i < wide.Length; i++)
        {
            Vector<T> c = wide[i];
            wideGradients[i] *= Vector.ConditionalSelect(Vector.GreaterThan(c, bounds), (u * c) + v, below);
        }

        for (int i = wide.Length * Vector<T>.Count; i < cosines.Length; i++)
        {
            T c = cosines[i];
            gradients[i] *= c > bound ? (_slopeLinear * c) + _slopeConstant : _zeroBelow ? T.Zero : T.One;
        }
    }
}
