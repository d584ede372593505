namespace Semblance.Training.Margins;

/// <summary>The factor s between cosines and logits.</summary>
/// <param name="Value">The scale, or its start where it is learned; above 0.</param>
/// <param name="Learned">Whether it is a parameter that is trained.</param>
public sealed record LogitScale(double Value, bool Learned = false)
{
    /// <summary>No scale: logits are what the product gives.</summary>
    public static LogitScale None { get; } = new(1);

    /// <summary>
    /// The scale that lets a sample reach the probability p when the centres stand apart as far as C of them can, all cosines being
    /// −1/(C−1): s = (C−1)/C · ln((C−1)p/(1−p)) (the bound behind Wang et al. 2017, eq. 8). A smaller one cannot reach p however good the embeddings.
    /// </summary>
    /// <param name="classCount">Number of classes C, at least 1; with a single class any scale does, and 1 is returned.</param>
    /// <param name="probability">The probability p, in (0, 1), with (C−1)·p/(1−p) above 1.</param>
    public static double LowerBound(int classCount, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (classCount == 1)
        {
            return 1;
        }

        double bound = (classCount - 1.0) / classCount * Math.Log((classCount - 1) * probability / (1 - probability));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound, nameof(probability));
        return bound;
    }
}
