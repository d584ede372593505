using System.Numerics.Tensors;
using System.Numerics;

namespace Semblance.Training.Margins;

/// <summary>−log softmax at the own class; its derivative is p − 1 there and p elsewhere.</summary>
/// <param name="ProbabilityFloor">
/// The own class's probability is not taken below this in the value, so that a sample counts −ln(floor) at most, while the gradient is that
/// without a floor (InsightFace's sampled class layer, with 1e-30, so 69.08); 0 for none, as all papers have it.
/// </param>
public sealed record CrossEntropy(double ProbabilityFloor = 0) : IRowPenalty
{
    /// <inheritdoc/>
    public double Evaluate<T>(Span<T> logits, int target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = TensorPrimitives.Max<T>(logits);
        double own = double.CreateChecked(logits[target] - largest);
        TensorPrimitives.Subtract(logits, largest, logits);
        TensorPrimitives.Exp<T>(logits, logits);
        T sum = TensorPrimitives.Sum<T>(logits);
        TensorPrimitives.Multiply(logits, T.One / sum, logits);
        logits[target] -= T.One;
        double value = Math.Log(double.CreateChecked(sum)) - own;
        return ProbabilityFloor > 0 ? Math.Min(value, -Math.Log(ProbabilityFloor)) : value;
    }
}
