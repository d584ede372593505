using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Every pair of the batch: each photo as the anchor of each other one, so that every triplet is made of them too (batch-all, Hermans et al.
/// 2017, eq. 6), or every unordered pair once.
/// </summary>
public sealed class AllPairsMiner : ITupleMiner<PairSelection>
{
    private readonly bool _once;

    /// <summary>Creates the miner.</summary>
    /// <param name="once">True for each unordered pair of the batch once (i before j); false for both orders.</param>
    public AllPairsMiner(bool once = false) => _once = once;

    /// <summary>The registry's entry for both orders.</summary>
    public static MinerDefinition Definition { get; } = new(
        "all", "Every pair with each photo as the anchor, hence every triplet (batch-all, Hermans et al. 2017).", [], (_, _) => new AllPairsMiner());

    /// <summary>The registry's entry for each pair once.</summary>
    public static MinerDefinition OnceDefinition { get; } = new(
        "each-pair", "Every unordered pair once, as the contrastive loss is written (Hadsell et al. 2006).", [], (_, _) => new AllPairsMiner(once: true));

    /// <inheritdoc/>
    public PairSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        return _once
            ? new PairSelection(PairSet.Of(relations.Same.triu(1)), PairSet.Of(relations.Different.triu(1)))
            : new PairSelection(PairSet.Of(relations.Same), PairSet.Of(relations.Different));
    }
}
