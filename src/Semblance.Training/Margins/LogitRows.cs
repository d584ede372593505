using System.Numerics;
using System.Numerics.Tensors;
using Semblance.Training.Native;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Semblance.Training.Margins;

/// <summary>
/// Bends, scales and penalises the logits of a batch row by row and leaves the gradient behind. A row of ten thousand logits stays in the
/// second-level cache over all its passes and needs one exponential each, where softmax as tensor operations walks the whole matrix some six
/// times through memory with two. Rows are independent of each other, so the number of threads changes no bit.
/// </summary>
internal static unsafe class LogitRows
{
    // Below this many logits to a thread, starting the thread costs more than it gains.
    private const long SmallestShare = 32768;

    /// <summary>Evaluates a batch.</summary>
    /// <param name="work">What to compute.</param>
    public static RowValues Evaluate(RowWork work) => work.Products.dtype == ScalarType.Float64 ? Evaluate<double>(work) : Evaluate<float>(work);

    /// <summary>ln of the batch mean of Σ exp(s·cos θ) over the classes that are not the sample's own; −∞ where there are none.</summary>
    /// <param name="products">[batch × classes].</param>
    /// <param name="targets">[batch].</param>
    /// <param name="scale">s.</param>
    public static double LogMeanOfOthers(Tensor products, long[] targets, double scale) => products.dtype == ScalarType.Float64
        ? LogMeanOfOthers<double>(products, targets, scale)
        : LogMeanOfOthers<float>(products, targets, scale);

    private static RowValues Evaluate<T>(RowWork work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int batch, int classes) = ((int)work.Products.shape[0], (int)work.Products.shape[1]);
        var values = new RowValues(batch);
        T* products = Data<T>(work.Products);
        T* bias = work.Bias is null ? null : Data<T>(work.Bias);
        (T scale, T offset) = (T.CreateChecked(work.Scale), T.CreateChecked(work.Offset));
        RowBend<T>? bend = work.Others is { } others ? new RowBend<T>(others) : null;
        double[] bounds = work.Others is { } o ? Doubles(o.Bounds) : [];
        Split(batch, (long)batch * classes, (from, to) =>
        {
            T[] kept = work.WantsScale ? new T[classes] : [];
            for (int i = from; i < to; i++)
            {
                // In place: products are not needed for their own gradient.
                var row = new Span<T>(products + ((long)i * classes), classes);
                int target = (int)work.Targets[i];
                (T own, T bent) = (row[target], T.CreateChecked(work.TargetLogits[i]));
                T nearestOther = RowMath.LargestBut<T>(row, target);
                values.Right[i] = own > nearestOther;
                if (bend is not null && classes > 1 && bend.Bends(T.CreateChecked(bounds[i]), nearestOther))
                {
                    values.Penalties[i] = ((CrossEntropy)work.Penalty).Evaluate(row, target, bent, scale, bend, T.CreateChecked(bounds[i]));
                    values.TargetGradients[i] = double.CreateChecked(row[target]);
                    continue;
                }

                row[target] = bent;
                if (work.WantsScale)
                {
                    row.CopyTo(kept);
                }

                if (bias is not null)
                {
                    var biases = new ReadOnlySpan<T>(bias, classes);
                    TensorPrimitives.MultiplyAdd(row, scale, biases, row);
                    nearestOther = RowMath.LargestBut<T>(row, target);
                    // The answer is that of the layer, margin left out.
                    values.Right[i] = (own * scale) + biases[target] > nearestOther;
                }

                values.Penalties[i] = work.Penalty.Evaluate(
                    new LogitRow<T>(row, target, T.Max(nearestOther, row[target]), bias is null ? scale : T.One, offset));
                values.TargetGradients[i] = double.CreateChecked(row[target]);
                if (work.HasOffset)
                {
                    values.Sums[i] = double.CreateChecked(TensorPrimitives.Sum<T>(row));
                }

                if (work.WantsScale)
                {
                    values.ScaleGradients[i] = double.CreateChecked(TensorPrimitives.Dot<T>(kept, row));
                }
            }
        });
        return values;
    }

    private static double LogMeanOfOthers<T>(Tensor products, long[] targets, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int batch, int classes) = ((int)products.shape[0], (int)products.shape[1]);
        if (classes == 1)
        {
            return double.NegativeInfinity;
        }

        T* data = Data<T>(products);
        double[] sums = new double[batch];
        Split(batch, (long)batch * classes, (from, to) =>
        {
            T[] powers = typeof(T) == typeof(float) ? [] : new T[classes];
            T s = T.CreateChecked(scale);
            for (int i = from; i < to; i++)
            {
                var row = new Span<T>(data + ((long)i * classes), classes);
                T own = row[(int)targets[i]];
                row[(int)targets[i]] = T.NegativeInfinity;
                // exp(s·(cos − 1)) does not overflow, however large the scale.
                sums[i] = double.CreateChecked(RowMath.SumOfExponentials<T>(row, s, s, powers));
                row[(int)targets[i]] = own;
            }
        });
        return scale + Math.Log(sums.Average());
    }

    private static void Split(int rows, long logits, Action<int, int> work)
    {
        int threads = (int)Math.Clamp(Math.Min(get_num_threads(), logits / SmallestShare), 1, rows);
        WorkerTeam.Run(rows, threads, work);
    }

    private static T* Data<T>(Tensor tensor)
        where T : unmanaged
    {
        // The span's length is limited to 2 GB, so that it is asked of the first row only.
        using Tensor first = tensor.dim() == 1 ? tensor.alias() : tensor.narrow(0, 0, 1);
        fixed (byte* data = first.bytes)
        {
            return (T*)data;
        }
    }

    private static double[] Doubles(Tensor column)
    {
        using Tensor wide = column.to_type(ScalarType.Float64);
        return wide.data<double>().ToArray();
    }
}

/// <summary>A batch for <see cref="LogitRows"/>.</summary>
/// <param name="Products">[batch × classes], contiguous, outside the graph; overwritten by the derivative of each sample's penalty by u_j, its logit being s·u_j, divided by s.</param>
/// <param name="Targets">[batch]: the column of each sample's own class.</param>
/// <param name="TargetLogits">[batch]: the own class's logit, bent, before the scale.</param>
/// <param name="Scale">s.</param>
/// <param name="Penalty">What makes a number of a row.</param>
internal sealed record RowWork(Tensor Products, long[] Targets, double[] TargetLogits, double Scale, IRowPenalty Penalty)
{
    /// <summary>How the other classes are bent, or null.</summary>
    public OtherBend? Others { get; init; }

    /// <summary>[classes], added to the scaled logits, or null.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>Taken off all logits.</summary>
    public double Offset { get; init; }

    /// <summary>Whether there is an offset.</summary>
    public bool HasOffset { get; init; }

    /// <summary>Whether the derivative by the scale is wanted.</summary>
    public bool WantsScale { get; init; }
}

/// <summary>What <see cref="LogitRows"/> finds for each sample.</summary>
/// <param name="batch">Number of samples.</param>
internal sealed class RowValues(int batch)
{
    /// <summary>The penalties.</summary>
    public double[] Penalties { get; } = new double[batch];

    /// <summary>The derivative by the own class's logit.</summary>
    public double[] TargetGradients { get; } = new double[batch];

    /// <summary>The sum of the derivatives by all logits, where there is an offset.</summary>
    public double[] Sums { get; } = new double[batch];

    /// <summary>The derivative by the scale, where wanted.</summary>
    public double[] ScaleGradients { get; } = new double[batch];

    /// <summary>Whether the own class is nearer than every other.</summary>
    public bool[] Right { get; } = new bool[batch];
}
