using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>The nearest chosen cell of each row.</summary>
internal static class NearestCell
{
    /// <summary>Finds them.</summary>
    /// <param name="distances">[rows × columns], followed by no graph.</param>
    /// <param name="mask">[rows × columns] bool.</param>
    /// <returns>[rows] int64: the column, the first of equals, −1 for a row without a chosen cell; owned by the caller's dispose scope.</returns>
    public static Tensor Of(Tensor distances, Tensor mask)
    {
        using Tensor cells = MaskedRows.OnCpu(distances);
        using Tensor chosen = MaskedRows.OnCpu(mask);
        long[] nearest = distances.dtype == ScalarType.Float64
            ? Of(Grid<double>.Of(cells), Grid<byte>.Of(chosen))
            : Of(Grid<float>.Of(cells), Grid<byte>.Of(chosen));
        return tensor(nearest, device: distances.device);
    }

    private static long[] Of<T>(Grid<T> distances, Grid<byte> mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long[] nearest = new long[distances.Rows];
        RowLoop.Run(distances.Rows, distances.Columns, (from, to) =>
        {
            T[] masked = new T[ExcessRow.Padded<T>(distances.Columns)];
            for (int i = from; i < to; i++)
            {
                Neighbours.Masked<T>(distances[i], mask[i], masked);
                nearest[i] = Neighbours.NearestBeyond<T>(masked, T.NegativeInfinity);
            }
        });
        return nearest;
    }
}
