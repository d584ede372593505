using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Some pairs of a batch by position.</summary>
/// <param name="Anchors">[pairs] int64: rows of the distance matrix.</param>
/// <param name="Others">[pairs] int64: columns of the distance matrix.</param>
public readonly record struct PairIndices(Tensor Anchors, Tensor Others)
{
    /// <summary>Number of pairs.</summary>
    public long Count => Anchors.shape[0];
}

/// <summary>
/// Some pairs of anchor and other photo, held either as a list (a pair may occur more than once, as in triplets) or as a mask over the
/// distance matrix (each pair once). A list suits a few pairs, a mask a share of all of them.
/// </summary>
public sealed class PairSet
{
    private readonly PairIndices? _list;
    private readonly Tensor? _mask;

    private PairSet(PairIndices? list, Tensor? mask, long count) => (_list, _mask, Count) = (list, mask, count);

    /// <summary>Number of pairs.</summary>
    public long Count { get; }

    /// <summary>Whether it is held as a mask.</summary>
    public bool IsDense => _mask is not null;

    /// <summary>The mask of a dense set.</summary>
    internal Tensor DenseMask => _mask ?? throw new InvalidOperationException("The set is a list.");

    /// <summary>Pairs from a list.</summary>
    /// <param name="list">The positions; the tensors must outlive the set.</param>
    public static PairSet Of(PairIndices list) => new(list, null, list.Count);

    /// <summary>Pairs from a mask.</summary>
    /// <param name="mask">[anchors × references] bool; must outlive the set.</param>
    public static PairSet Of(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new PairSet(null, mask, MaskedRows.Counts(mask).Sum());
    }

    /// <summary>The positions.</summary>
    /// <returns>The list itself, or one made of the mask, which is owned by the caller's dispose scope.</returns>
    public PairIndices List()
    {
        if (_list is { } list)
        {
            return list;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor cells = _mask!.nonzero();
        return new PairIndices(cells.select(1, 0).clone().MoveToOuterDisposeScope(), cells.select(1, 1).clone().MoveToOuterDisposeScope());
    }

    /// <summary>The cells of the distance matrix that are pairs.</summary>
    /// <param name="distances">The matrix.</param>
    /// <returns>[anchors × references] bool: the mask itself, or one made of the list, which is owned by the caller's dispose scope.</returns>
    public Tensor Mask(DistanceMatrix distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        if (_mask is not null)
        {
            return _mask;
        }

        PairIndices list = _list!.Value;
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = zeros(distances.AnchorCount * distances.ReferenceCount, ScalarType.Bool, distances.Values.device);
        mask.index_fill_(0, (list.Anchors * distances.ReferenceCount) + list.Others, true);
        return mask.reshape(distances.AnchorCount, distances.ReferenceCount).MoveToOuterDisposeScope();
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal PairSet MoveToOuterScope()
    {
        _list?.Anchors.MoveToOuterDisposeScope();
        _list?.Others.MoveToOuterDisposeScope();
        _mask?.MoveToOuterDisposeScope();
        return this;
    }
}
