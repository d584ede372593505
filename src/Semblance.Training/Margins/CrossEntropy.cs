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
        double value = Math.Log(double.CreateChecked(sum)) - own;
        return ProbabilityFloor > 0 ? Math.Min(value, -Math.Log(ProbabilityFloor)) : value;
    }
}
