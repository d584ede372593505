using System.Numerics;
using TorchSharp.Modules;

namespace Semblance.Training.Margins;

/// <summary>
/// What makes a number of a sample's logits: cross-entropy (<see cref="CrossEntropy"/>) where a curve does not bring another. Value and
/// gradient are computed together on one row, which stays in the processor's cache; several rows are computed at once.
/// </summary>
public interface IRowPenalty
{
    /// <summary>A parameter b that is taken off every logit first, or null for none.</summary>
    Parameter? Offset => null;

    /// <summary>The penalty of one sample.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="logits">[classes]: bent and scaled logits; on return the penalty's derivative by each.</param>
    /// <param name="target">The index of the sample's own class.</param>
    /// <returns>The value.</returns>
    double Evaluate<T>(Span<T> logits, int target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
