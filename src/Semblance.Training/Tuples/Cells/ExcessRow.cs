using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Training.Tuples.Cells;

/// <summary>
/// The penalties of one positive pair with all negatives of its anchor: of the excess h = bound − d(a, n), either max(0, h) or log(1 + eʰ).
/// Rows are padded to a whole number of vectors; a cell without a negative holds +∞ and costs nothing.
/// </summary>
internal static class ExcessRow
{
    /// <summary>The length of a padded row.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="columns">Cells that it must hold.</param>
    public static int Padded<T>(int columns) => (columns + Vector512<T>.Count - 1) / Vector512<T>.Count * Vector512<T>.Count;

    /// <summary>Adds the hinge's penalties up.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="bound">d(a, p) + margin.</param>
    /// <param name="negatives">Padded: d(a, n).</param>
    /// <param name="slopes">Padded: to each cell is added the penalty's slope by h.</param>
    /// <returns>Sum of penalties, number of those above 0, and sum of slopes.</returns>
    public static (double Sum, long Active, double Slope) Hinge<T>(T bound, ReadOnlySpan<T> negatives, Span<T> slopes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> cells = MemoryMarshal.Cast<T, Vector512<T>>(negatives);
        Span<Vector512<T>> added = MemoryMarshal.Cast<T, Vector512<T>>(slopes);
        (Vector512<T> own, Vector512<T> one) = (Vector512.Create(bound), Vector512.Create(T.One));
        (Vector512<T> sum, Vector512<T> active) = (Vector512<T>.Zero, Vector512<T>.Zero);
        for (int k = 0; k < cells.Length; k++)
        {
            Vector512<T> excess = own - cells[k];
            Vector512<T> costs = Vector512.GreaterThan(excess, Vector512<T>.Zero);
            sum += excess & costs;
            Vector512<T> slope = one & costs;
            active += slope;
            added[k] += slope;
        }

        double count = double.CreateTruncating(Vector512.Sum(active));
        return (double.CreateTruncating(Vector512.Sum(sum)), (long)count, count);
    }

    /// <summary>Adds the soft margin's penalties up.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="bound">d(a, p) + margin.</param>
    /// <param name="negatives">Padded: d(a, n).</param>
    /// <param name="slopes">Padded: to each cell is added the penalty's slope by h.</param>
    /// <returns>Sum of penalties, number of those above 0, and sum of slopes.</returns>
    public static (double Sum, long Active, double Slope) Soft<T>(T bound, ReadOnlySpan<T> negatives, Span<T> slopes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> cells = MemoryMarshal.Cast<T, Vector512<T>>(negatives);
        Span<Vector512<T>> added = MemoryMarshal.Cast<T, Vector512<T>>(slopes);
        (Vector512<T> own, Vector512<T> one, Vector512<T> zero) = (Vector512.Create(bound), Vector512.Create(T.One), Vector512<T>.Zero);
        (Vector512<T> sum, Vector512<T> active, Vector512<T> slopeSum) = (zero, zero, zero);
        for (int k = 0; k < cells.Length; k++)
        {
            Vector512<T> excess = own - cells[k];
            // e^−|h| lies in (0, 1]: neither it nor log(1 + it) overflows.
            Vector512<T> e = Exp(-Vector512.Abs(excess));
            Vector512<T> shifted = one + e;
            // log(1 + e) from the rounded 1 + e, corrected by what the rounding took; e itself where it took all.
            Vector512<T> lost = shifted - one;
            Vector512<T> log = Vector512.ConditionalSelect(Vector512.Equals(lost, zero), e, Log(shifted) * (e / lost));
            Vector512<T> penalty = Vector512.Max(excess, zero) + log;
            Vector512<T> inverse = one / shifted;
            Vector512<T> slope = Vector512.ConditionalSelect(Vector512.GreaterThan(excess, zero), inverse, e * inverse);
            sum += penalty;
            active += one & Vector512.GreaterThan(penalty, zero);
            slopeSum += slope;
            added[k] += slope;
        }

        return (
            double.CreateTruncating(Vector512.Sum(sum)), (long)double.CreateTruncating(Vector512.Sum(active)), double.CreateTruncating(Vector512.Sum(slopeSum)));
    }

    private static Vector512<T> Exp<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Exp(x.AsSingle()).As<float, T>()
        : Vector512.Exp(x.AsDouble()).As<double, T>();

    private static Vector512<T> Log<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Log(x.AsSingle()).As<float, T>()
        : Vector512.Log(x.AsDouble()).As<double, T>();
}
