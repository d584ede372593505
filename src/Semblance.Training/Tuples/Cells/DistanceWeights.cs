using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Training.Tuples.Cells;

/// <summary>The weights of distance-weighted sampling for one anchor: min(λ, 1/q(d)) of the negatives within reach, as <see cref="SphereDistances"/> has q.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct DistanceWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _cutoff;
    private readonly T _far;
    private readonly T _near;
    private readonly T _wide;
    private readonly T _largest;

    /// <summary>Creates the rule.</summary>
    /// <param name="dimension">n, at least 2.</param>
    /// <param name="cutoff">Distance below which all weigh alike.</param>
    /// <param name="far">Distance from which nothing weighs.</param>
    public DistanceWeights(int dimension, double cutoff, double far)
    {
        (_cutoff, _far) = (T.CreateTruncating(cutoff), T.CreateTruncating(far));
        (_near, _wide) = (T.CreateTruncating(2 - dimension), T.CreateTruncating((3 - dimension) / 2.0));
        _largest = T.CreateTruncating(SphereDistances.LogInverse(dimension, cutoff));
    }

    /// <summary>Computes them.</summary>
    /// <param name="distances">True distances of unit vectors.</param>
    /// <param name="different">Which are negatives.</param>
    /// <param name="weights">As long: the weights, up to a factor of the row; zeros where there is none.</param>
    /// <returns>Their sum.</returns>
    public T Of(ReadOnlySpan<T> distances, ReadOnlySpan<byte> different, Span<T> weights)
    {
        ReadOnlySpan<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(distances);
        Span<Vector512<T>> result = MemoryMarshal.Cast<T, Vector512<T>>(weights);
        for (int k = 0; k < wide.Length; k++)
        {
            result[k] = Logarithms(wide[k]);
        }

        int at = wide.Length * Vector512<T>.Count;
        if (at < distances.Length)
        {
            Span<T> rest = stackalloc T[Vector512<T>.Count];
            rest.Fill(_cutoff);
            distances[at..].CopyTo(rest);
            Logarithms(Vector512.Create<T>(rest)).CopyTo(rest);
            rest[..(distances.Length - at)].CopyTo(weights[at..]);
        }

        ExponentialRow.LeaveOut(weights, different);
        return ExponentialRow.Exponentials(weights, T.NegativeInfinity).Sum;
    }

    private Vector512<T> Logarithms(Vector512<T> distances)
    {
        Vector512<T> one = Vector512.Create(T.One);
        Vector512<T> d = Vector512.Max(distances, Vector512.Create(_cutoff));
        Vector512<T> half = d * T.CreateTruncating(0.5);
        Vector512<T> logs = ExponentialRow.Log(d) * _near;
        if (_wide != T.Zero)
        {
            // (1 − d/2)(1 + d/2) keeps the digits that 1 − d²/4 loses near d = 2; what rounding puts beyond 2 counts as 2.
            logs += ExponentialRow.Log(Vector512.Max((one - half) * (one + half), Vector512<T>.Zero)) * _wide;
        }

        logs = Vector512.Min(logs, Vector512.Create(_largest));
        return Vector512.ConditionalSelect(Vector512.LessThan(d, Vector512.Create(_far)), logs, Vector512.Create(T.NegativeInfinity));
    }
}
