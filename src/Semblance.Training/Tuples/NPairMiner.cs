using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// One pair of each identity that has two photos in the batch, its first and its second; negatives of an anchor are the positives of the
/// other pairs (Sohn 2016, §3.2). Further photos take no part.
/// </summary>
public sealed class NPairMiner : ITupleMiner<PairSelection>
{
    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        "n-pair", "One pair of each identity; its negatives are the positives of the other pairs (Sohn 2016).", [], (_, _) => new NPairMiner());

    /// <inheritdoc/>
    public PairSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long batch = distances.AnchorCount;
        Tensor same = relations.Same.narrow(1, 0, batch);
        // First of its identity: none of the same before it. Its partner is the first of the same after it.
        Tensor isFirst = same.tril(-1).any(1).logical_not().logical_and(same.any(1));
        Tensor anchors = isFirst.nonzero().squeeze(1);
        Tensor positives = arange(batch).unsqueeze(0).masked_fill(same.index_select(0, anchors).logical_not(), batch).amin([1]);
        long pairs = anchors.shape[0];
        Tensor others = eye(pairs, dtype: ScalarType.Bool).logical_not().nonzero();
        PairSet negatives = PairSet.Of(new PairIndices(
            anchors.index_select(0, others.select(1, 0)), positives.index_select(0, others.select(1, 1))));
        return new PairSelection(PairSet.Of(new PairIndices(anchors, positives)), negatives).MoveToOuterScope();
    }
}
