using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Every unordered pair of the batch once (i before j).</summary>
public sealed class AllPairsMiner : ITupleMiner<PairSelection>
{
    /// <inheritdoc/>
    public PairSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        using DisposeScope scope = NewDisposeScope();
        return new PairSelection(Upper(relations.Same), Upper(relations.Different));
    }

    private static PairIndices Upper(Tensor mask)
    {
        Tensor pairs = mask.triu(1).nonzero();
        return new PairIndices(pairs.select(1, 0).clone().MoveToOuterDisposeScope(), pairs.select(1, 1).clone().MoveToOuterDisposeScope());
    }
}
