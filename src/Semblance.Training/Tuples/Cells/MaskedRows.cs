using System.Numerics;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>Counts and sums of the cells of each row that a mask chooses.</summary>
internal static class MaskedRows
{
    private const byte Chosen = 1;

    /// <summary>How many cells of each row are chosen.</summary>
    /// <param name="mask">[rows × columns] bool.</param>
    public static long[] Counts(Tensor mask)
    {
        using Tensor near = OnCpu(mask);
        Grid<byte> cells = Grid<byte>.Of(near);
        long[] counts = new long[cells.Rows];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = cells[i].Count(Chosen);
        }

        return counts;
    }

    /// <summary>The sum of the chosen cells of each row.</summary>
    /// <param name="values">[rows × columns], float32 or float64, followed by no graph.</param>
    /// <param name="mask">[rows × columns] bool.</param>
    public static double[] Sums(Tensor values, Tensor mask)
    {
        using Tensor near = OnCpu(values);
        using Tensor chosen = OnCpu(mask);
        return values.dtype == ScalarType.Float64 ? Sums(Grid<double>.Of(near), Grid<byte>.Of(chosen)) : Sums(Grid<float>.Of(near), Grid<byte>.Of(chosen));
    }

    /// <summary>The next chosen cell of a row.</summary>
    /// <param name="row">The mask's row.</param>
    /// <param name="from">Where to begin.</param>
    /// <returns>Its column, or −1.</returns>
    public static int Next(ReadOnlySpan<byte> row, int from)
    {
        int at = row[from..].IndexOf(Chosen);
        return at < 0 ? -1 : from + at;
    }

    /// <summary>A contiguous handle on the CPU, for the caller to dispose.</summary>
    /// <param name="tensor">Anywhere.</param>
    public static Tensor OnCpu(Tensor tensor)
    {
        using Tensor detached = tensor.detach();
        using Tensor near = detached.cpu();
        using Tensor contiguous = near.contiguous();
        return contiguous.alias();
    }

    private static double[] Sums<T>(Grid<T> values, Grid<byte> mask)
        where T : unmanaged, INumber<T>
    {
        double[] sums = new double[mask.Rows];
        RowLoop.Run(mask.Rows, mask.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                sums[i] = Sum<T>(values[i], mask[i]);
            }
        });
        return sums;
    }

    private static double Sum<T>(ReadOnlySpan<T> row, ReadOnlySpan<byte> mask)
        where T : unmanaged, INumber<T>
    {
        double sum = 0;
        if (mask.Count(Chosen) * 8 < mask.Length)
        {
            for (int j = Next(mask, 0); j >= 0; j = Next(mask, j + 1))
            {
                sum += double.CreateTruncating(row[j]);
            }

            return sum;
        }

        for (int j = 0; j < row.Length; j++)
        {
            sum += mask[j] == Chosen ? double.CreateTruncating(row[j]) : 0;
        }

        return sum;
    }
}
