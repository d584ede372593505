using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Training.Tuples.Cells;

/// <summary>Exponentials of one row of cells, against the row's own largest so that nothing overflows and something is left.</summary>
internal static class ExponentialRow
{
    /// <summary>Leaves cells out: −∞ where the mask has none.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="exponents">The row.</param>
    /// <param name="mask">Which cells stay.</param>
    public static void LeaveOut<T>(Span<T> exponents, ReadOnlySpan<byte> mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int from = 0, at; from < mask.Length && (at = mask[from..].IndexOf((byte)0)) >= 0; from += at + 1)
        {
            exponents[from + at] = T.NegativeInfinity;
        }
    }

    /// <summary>cell ← factor · cell for a whole row.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The source.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="result">As long as the source, or the source itself.</param>
    public static void Scale<T>(ReadOnlySpan<T> row, T factor, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(row);
        Span<Vector512<T>> wideResult = MemoryMarshal.Cast<T, Vector512<T>>(result);
        for (int k = 0; k < wide.Length; k++)
        {
            wideResult[k] = wide[k] * factor;
        }

        for (int j = wide.Length * Vector512<T>.Count; j < row.Length; j++)
        {
            result[j] = row[j] * factor;
        }
    }

    /// <summary>cell ← exp(cell − largest), where the largest is that of the row, or the floor if that is greater.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="cells">Exponents, −∞ for a cell that is left out; becomes the exponentials.</param>
    /// <param name="floor">The least that is taken off; −∞ for none.</param>
    /// <returns>What was taken off (−∞ where there is no cell) and the sum of the exponentials.</returns>
    public static (T Largest, T Sum) Exponentials<T>(Span<T> cells, T floor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(cells);
        Span<T> rest = cells[(wide.Length * Vector512<T>.Count)..];
        T largest = floor;
        if (wide.Length > 0)
        {
            Vector512<T> greatest = wide[0];
            foreach (Vector512<T> some in wide)
            {
                greatest = Vector512.Max(greatest, some);
            }

            for (int lane = 0; lane < Vector512<T>.Count; lane++)
            {
                largest = T.Max(largest, greatest[lane]);
            }
        }

        foreach (T cell in rest)
        {
            largest = T.Max(largest, cell);
        }

        if (T.IsNegativeInfinity(largest))
        {
            cells.Clear();
            return (largest, T.Zero);
        }

        Vector512<T> taken = Vector512.Create(largest);
        Vector512<T> sums = Vector512<T>.Zero;
        foreach (ref Vector512<T> some in wide)
        {
            some = Exp(some - taken);
            sums += some;
        }

        T sum = Vector512.Sum(sums);
        foreach (ref T cell in rest)
        {
            cell = T.Exp(cell - largest);
            sum += cell;
        }

        return (largest, sum);
    }

    /// <summary>eˣ of each lane.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any.</param>
    public static Vector512<T> Exp<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Exp(x.AsSingle()).As<float, T>()
        : Vector512.Exp(x.AsDouble()).As<double, T>();

    /// <summary>ln x of each lane.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">At least 0.</param>
    public static Vector512<T> Log<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Log(x.AsSingle()).As<float, T>()
        : Vector512.Log(x.AsDouble()).As<double, T>();
}
