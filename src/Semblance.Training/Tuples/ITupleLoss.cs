using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>The penalty of each tuple, before any reduction.</summary>
/// <typeparam name="TTuples">Pairs or triplets.</typeparam>
public interface ITupleLoss<in TTuples>
    where TTuples : TupleSelection
{
    /// <summary>The penalties.</summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="tuples">The tuples chosen.</param>
    /// <returns>One or more groups; each is reduced on its own and the results are added. Tensors are attached to the graph and owned by the caller's dispose scope.</returns>
    IReadOnlyList<TupleTerms> Terms(DistanceMatrix distances, TTuples tuples);
}

/// <summary>Penalties that are reduced together.</summary>
/// <param name="Values">[n], none below 0.</param>
/// <param name="Anchors">[n] int64: the anchor that each belongs to.</param>
public readonly record struct TupleTerms(Tensor Values, Tensor Anchors);
