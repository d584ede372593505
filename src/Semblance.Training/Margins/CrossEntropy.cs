using System.Numerics;
using System.Numerics.Tensors;

namespace Semblance.Training.Margins;

/// <summary>−log softmax at the own class; its derivative is p − 1 there and p elsewhere.</summary>
/// <param name="ProbabilityFloor">
/// The own class's probability is not taken below this in the value, so that a sample counts −ln(floor) at most, while the gradient is that
/// without a floor (InsightFace's sampled class layer, with 1e-30, so 69.08); 0 for none, as all papers have it.
/// </param>
public sealed record CrossEntropy(double ProbabilityFloor = 0) : IRowPenalty
{
    /// <inheritdoc/>
    public double Evaluate<T>(LogitRow<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> values = row.Values;
        // An offset would change nothing.
        double own = double.CreateChecked((values[row.Target] - row.Largest) * row.Scale);
        T sum = RowMath.Exponentials(values, row.Scale, row.Largest * row.Scale);
        TensorPrimitives.Multiply(values, T.One / sum, values);
        values[row.Target] -= T.One;
        return Value(double.CreateChecked(sum), own);
    }

    /// <summary>The same where other classes are bent: their derivatives come by their cosines, but for the scale.</summary>
    internal double Evaluate<T>(Span<T> row, int target, T own, T scale, RowBend<T> bend, T bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The last class stands in for the own one, so that the others lie together.
        row[target] = row[^1];
        Span<T> others = row[..^1];
        T largest = T.Max(bend.Largest(others, bound), own);
        T power = T.Exp((own - largest) * scale);
        T sum = power + T.CreateChecked(bend.Exponentials(others, bound, scale, largest * scale));
        TensorPrimitives.Multiply(others, T.One / sum, others);
        row[^1] = row[target];
        row[target] = (power / sum) - T.One;
        return Value(double.CreateChecked(sum), double.CreateChecked((own - largest) * scale));
    }

    private double Value(double sum, double own)
    {
        double value = Math.Log(sum) - own;
        return ProbabilityFloor > 0 ? Math.Min(value, -Math.Log(ProbabilityFloor)) : value;
    }
}
