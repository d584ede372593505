using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Training.Tuples.Cells;

/// <summary>The nearest and the farthest cell of a row among those that a mask chooses; the first of equals. −1 where there is none.</summary>
internal static class Neighbours
{
    /// <summary>The chosen cells of a row, +∞ elsewhere, padded to whole vectors, for <see cref="NearestBeyond"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">Distances.</param>
    /// <param name="mask">Which are chosen.</param>
    /// <param name="result">Padded (<see cref="ExcessRow.Padded"/>).</param>
    public static void Masked<T>(ReadOnlySpan<T> row, ReadOnlySpan<byte> mask, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int j = 0; j < row.Length; j++)
        {
            result[j] = mask[j] != 0 ? row[j] : T.PositiveInfinity;
        }

        result[row.Length..].Fill(T.PositiveInfinity);
    }

    /// <summary>The nearest cell beyond a bound.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="masked">From <see cref="Masked"/>.</param>
    /// <param name="bound">What it must exceed.</param>
    public static int NearestBeyond<T>(ReadOnlySpan<T> masked, T bound)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(masked);
        Vector512<T> infinity = Vector512.Create(T.PositiveInfinity);
        Vector512<T> limit = Vector512.Create(bound);
        Vector512<T> smallest = infinity;
        foreach (Vector512<T> cells in wide)
        {
            smallest = Vector512.Min(smallest, Vector512.ConditionalSelect(Vector512.GreaterThan(cells, limit), cells, infinity));
        }

        T nearest = smallest[0];
        for (int lane = 1; lane < Vector512<T>.Count; lane++)
        {
            nearest = T.Min(nearest, smallest[lane]);
        }

        if (!T.IsFinite(nearest))
        {
            return -1;
        }

        Vector512<T> sought = Vector512.Create(nearest);
        int block = 0;
        while (!Vector512.EqualsAny(wide[block], sought))
        {
            block++;
        }

        return (block * Vector512<T>.Count) + BitOperations.TrailingZeroCount(Vector512.Equals(wide[block], sought).ExtractMostSignificantBits());
    }

    /// <summary>The nearest chosen cell.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">Distances.</param>
    /// <param name="mask">Which are chosen.</param>
    public static int Nearest<T>(ReadOnlySpan<T> row, ReadOnlySpan<byte> mask)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int nearest = MaskedRows.Next(mask, 0);
        for (int j = nearest; j >= 0; j = MaskedRows.Next(mask, j + 1))
        {
            nearest = row[j] < row[nearest] ? j : nearest;
        }

        return nearest;
    }

    /// <summary>The farthest chosen cell below a bound.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">Distances.</param>
    /// <param name="mask">Which are chosen.</param>
    /// <param name="bound">What it must not reach; +∞ for any.</param>
    public static int Farthest<T>(ReadOnlySpan<T> row, ReadOnlySpan<byte> mask, T bound)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int farthest = -1;
        for (int j = MaskedRows.Next(mask, 0); j >= 0; j = MaskedRows.Next(mask, j + 1))
        {
            if (row[j] < bound && (farthest < 0 || row[j] > row[farthest]))
            {
                farthest = j;
            }
        }

        return farthest;
    }
}
