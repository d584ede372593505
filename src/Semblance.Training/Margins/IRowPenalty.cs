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

    /// <summary>The penalty of one sample; overwrites the row's values by its derivatives by the logits.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">The sample.</param>
    /// <returns>The value.</returns>
    double Evaluate<T>(LogitRow<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
