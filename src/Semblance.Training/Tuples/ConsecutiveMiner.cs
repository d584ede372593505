using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// The tuples that the sampler laid out, row after row: pairs (2i, 2i + 1), as DeepID2 draws them (Sun et al. 2014, §2), or triplets
/// (3i, 3i + 1, 3i + 2) of anchor, positive and negative, as FaceNet chooses them offline (Schroff et al. 2015, §3.2). Rows left over at the end are of no account.
/// </summary>
public sealed class ConsecutiveMiner : ITupleMiner<TupleSelection>
{
    private readonly bool _triplets;

    /// <summary>Creates the miner.</summary>
    /// <param name="triplets">True for triplets, false for pairs.</param>
    public ConsecutiveMiner(bool triplets) => _triplets = triplets;

    /// <summary>The registry's entry for pairs.</summary>
    public static MinerDefinition PairsDefinition { get; } = new(
        "consecutive-pairs", "The pairs that the sampler laid out: rows 2i and 2i + 1 (DeepID2, Sun et al. 2014).", [], (_, _) => new ConsecutiveMiner(triplets: false));

    /// <summary>The registry's entry for triplets.</summary>
    public static MinerDefinition TripletsDefinition { get; } = new(
        "consecutive-triplets", "The triplets that the sampler laid out: rows 3i, 3i + 1, 3i + 2 (FaceNet's offline choice, Schroff et al. 2015).", [],
        (_, _) => new ConsecutiveMiner(triplets: true));

    /// <inheritdoc/>
    /// <exception cref="SemblanceException">A triplet's rows are not of anchor, same person, other person.</exception>
    public TupleSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long width = _triplets ? 3 : 2;
        Tensor first = arange(distances.AnchorCount / width) * width;
        Tensor cells = (first * distances.ReferenceCount) + first + 1;
        Tensor same = relations.Same.reshape(-1).index_select(0, cells);
        if (!_triplets)
        {
            return new PairSelection(Pairs(same), Pairs(same.logical_not())).MoveToOuterScope();
        }

        Tensor others = relations.Different.reshape(-1).index_select(0, cells + 1);
        if (!same.logical_and(others).all().item<bool>())
        {
            throw new SemblanceException(
                "The batch does not consist of rows anchor, positive, negative; 'consecutive-triplets' needs the sampler 'facenet-offline', which lays them out so.");
        }

        return new TripletSelection(new TripletIndices(first, first + 1, first + 2)).MoveToOuterScope();

        PairSet Pairs(Tensor chosen)
        {
            Tensor rows = first.masked_select(chosen);
            return PairSet.Of(new PairIndices(rows, rows + 1));
        }
    }
}
