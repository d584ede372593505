using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>Distances from inner products, and the way back from their gradient to that of the embeddings, in one pass over the cells each.</summary>
internal static class DistanceCells
{
    private const int Tile = 64;

    /// <summary>How many units in the last place of ‖a‖² + ‖b‖² the rounding of the product and of the sums may leave of a squared distance of zero.</summary>
    public const int UntellableUnits = 16;

    /// <summary>Turns ⟨a, b⟩ into ‖a − b‖² or its root, in place; what rounding cannot tell from zero becomes zero.</summary>
    /// <param name="products">[anchors × references], contiguous, on the CPU.</param>
    /// <param name="anchorNorms">[anchors]: ‖a‖².</param>
    /// <param name="referenceNorms">[references]: ‖b‖².</param>
    /// <param name="root">Whether the root is taken.</param>
    public static void FromProducts(Tensor products, Tensor anchorNorms, Tensor referenceNorms, bool root)
    {
        if (products.dtype == ScalarType.Float64)
        {
            FromProducts(products, anchorNorms, referenceNorms, root, UntellableUnits * (Math.BitIncrement(1.0) - 1));
        }
        else
        {
            FromProducts(products, anchorNorms, referenceNorms, root, UntellableUnits * (MathF.BitIncrement(1f) - 1));
        }
    }

    /// <summary>
    /// The matrix M with ∂L/∂X = M·Y, where the rows of Y are the references and the first of them those of X. With w = ∂L/∂d² · 2 and
    /// its transpose added for the batch's own columns, M = diag(Σⱼ w) − w for both Euclidean kinds and −w for inner products: one product instead of autograd's two.
    /// </summary>
    /// <param name="slopes">[anchors × references]: ∂L/∂d; contiguous, on the CPU.</param>
    /// <param name="distances">[anchors × references]; contiguous, on the CPU.</param>
    /// <param name="kind">Of which kind they are.</param>
    /// <returns>[anchors × references]; owned by the caller's dispose scope.</returns>
    public static Tensor Pull(Tensor slopes, Tensor distances, Distance kind) => slopes.dtype == ScalarType.Float64
        ? Pull<double>(slopes, distances, kind)
        : Pull<float>(slopes, distances, kind);

    private static void FromProducts<T>(Tensor products, Tensor anchorNorms, Tensor referenceNorms, bool root, T untellable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Grid<T> cells = Grid<T>.Of(products);
        Grid<T> rowNorms = Grid<T>.Of(anchorNorms);
        Grid<T> columnNorms = Grid<T>.Of(referenceNorms);
        RowLoop.Run(cells.Rows, cells.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                Row(cells[i], rowNorms[0][i], columnNorms[0], root, untellable);
            }
        });
    }

    private static void Row<T>(Span<T> row, T norm, ReadOnlySpan<T> norms, bool root, T untellable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(row);
        ReadOnlySpan<Vector512<T>> wideNorms = MemoryMarshal.Cast<T, Vector512<T>>(norms);
        Vector512<T> own = Vector512.Create(norm);
        for (int k = 0; k < wide.Length; k++)
        {
            Vector512<T> sum = own + wideNorms[k];
            Vector512<T> squared = sum - (wide[k] + wide[k]);
            Vector512<T> tellable = Vector512.GreaterThan(squared, sum * untellable);
            wide[k] = (root ? Vector512.Sqrt(squared) : squared) & tellable;
        }

        for (int j = wide.Length * Vector512<T>.Count; j < row.Length; j++)
        {
            T sum = norm + norms[j];
            T squared = sum - (row[j] + row[j]);
            row[j] = squared > sum * untellable ? root ? T.Sqrt(squared) : squared : T.Zero;
        }
    }

    private static Tensor Pull<T>(Tensor slopes, Tensor distances, Distance kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor pull = empty_like(slopes);
        Grid<T> gradient = Grid<T>.Of(slopes);
        Grid<T> values = Grid<T>.Of(distances);
        Grid<T> result = Grid<T>.Of(pull);
        bool euclidean = kind is Distance.Euclidean or Distance.SquaredEuclidean;
        int bands = (gradient.Rows + Tile - 1) / Tile;
        RowLoop.Run(bands, (long)Tile * gradient.Columns, (from, to) =>
        {
            T[] turned = new T[Tile * Tile];
            for (int band = from; band < to; band++)
            {
                Band(gradient, values, result, kind, band * Tile, turned);
                for (int i = band * Tile; euclidean && i < Math.Min(result.Rows, (band + 1) * Tile); i++)
                {
                    // Rows of M add up to zero, since a shift of everything changes no distance.
                    Span<T> row = result[i];
                    row[i] = T.Zero;
                    row[i] = -Sum<T>(row);
                }
            }
        });
        return pull;
    }

    private static void Band<T>(Grid<T> gradient, Grid<T> values, Grid<T> result, Distance kind, int top, Span<T> turned)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int batch = gradient.Rows;
        int height = Math.Min(Tile, batch - top);
        for (int i = top; i < top + height; i++)
        {
            Weigh<T>(gradient[i], values[i], result[i], kind);
        }

        for (int left = 0; left < batch; left += Tile)
        {
            int width = Math.Min(Tile, batch - left);
            for (int j = 0; j < width; j++)
            {
                Weigh(gradient[left + j].Slice(top, height), values[left + j].Slice(top, height), turned.Slice(j * Tile, height), kind);
            }

            for (int i = 0; i < height; i++)
            {
                Span<T> row = result[top + i].Slice(left, width);
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] += turned[(j * Tile) + i];
                }
            }
        }
    }

    /// <summary>−2·∂L/∂d² for Euclidean kinds, −∂L/∂d for inner products.</summary>
    private static void Weigh<T>(ReadOnlySpan<T> gradient, ReadOnlySpan<T> values, Span<T> result, Distance kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> g = MemoryMarshal.Cast<T, Vector512<T>>(gradient);
        ReadOnlySpan<Vector512<T>> d = MemoryMarshal.Cast<T, Vector512<T>>(values);
        Span<Vector512<T>> r = MemoryMarshal.Cast<T, Vector512<T>>(result);
        Vector512<T> zero = Vector512<T>.Zero;
        for (int k = 0; k < r.Length; k++)
        {
            r[k] = kind switch
            {
                Distance.Euclidean => Vector512.ConditionalSelect(Vector512.GreaterThan(d[k], zero), -(g[k] / d[k]), zero),
                Distance.SquaredEuclidean => Vector512.ConditionalSelect(Vector512.GreaterThan(d[k], zero), -(g[k] + g[k]), zero),
                _ => -g[k],
            };
        }

        for (int j = r.Length * Vector512<T>.Count; j < result.Length; j++)
        {
            result[j] = kind switch
            {
                Distance.Euclidean => values[j] > T.Zero ? -(gradient[j] / values[j]) : T.Zero,
                Distance.SquaredEuclidean => values[j] > T.Zero ? -(gradient[j] + gradient[j]) : T.Zero,
                _ => -gradient[j],
            };
        }
    }

    private static T Sum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector512<T>> wide = MemoryMarshal.Cast<T, Vector512<T>>(row);
        Vector512<T> sums = Vector512<T>.Zero;
        foreach (Vector512<T> part in wide)
        {
            sums += part;
        }

        T sum = Vector512.Sum(sums);
        for (int j = wide.Length * Vector512<T>.Count; j < row.Length; j++)
        {
            sum += row[j];
        }

        return sum;
    }
}
