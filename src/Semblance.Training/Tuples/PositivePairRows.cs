using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// A row per ordered positive pair (a, p) and a column per photo of the batch: the shape in which triplets are looked at, batch·(K−1)·batch
/// cells rather than batch³. Built without a graph; all tensors are owned by the dispose scope of the caller.
/// </summary>
internal readonly struct PositivePairRows
{
    /// <summary>Lays out the rows.</summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="relations">Who is the same person.</param>
    public PositivePairRows(DistanceMatrix distances, IdentityRelations relations)
    {
        Tensor pairs = relations.Same.nonzero();
        (Anchors, Positives) = (pairs.select(1, 0), pairs.select(1, 1));
        Tensor values = distances.Values.detach();
        NegativeDistances = values.index_select(0, Anchors);
        PositiveDistances = NegativeDistances.gather(1, Positives.unsqueeze(1));
        IsNegative = relations.Different.index_select(0, Anchors);
    }

    /// <summary>[rows] int64.</summary>
    public Tensor Anchors { get; }

    /// <summary>[rows] int64.</summary>
    public Tensor Positives { get; }

    /// <summary>[rows × 1]: d(a, p).</summary>
    public Tensor PositiveDistances { get; }

    /// <summary>[rows × batch]: d(a, ·).</summary>
    public Tensor NegativeDistances { get; }

    /// <summary>[rows × batch] bool: whether the column is another person than the row's anchor.</summary>
    public Tensor IsNegative { get; }

    /// <summary>Every cell that is set becomes a triplet.</summary>
    /// <param name="chosen">[rows × batch] bool.</param>
    public TripletSelection Triplets(Tensor chosen)
    {
        Tensor cells = chosen.nonzero();
        Tensor row = cells.select(1, 0);
        return new TripletSelection(new TripletIndices(Anchors.index_select(0, row), Positives.index_select(0, row), cells.select(1, 1).clone()));
    }

    /// <summary>One triplet for each row that is kept.</summary>
    /// <param name="negatives">[rows] int64: the negative of each row.</param>
    /// <param name="kept">[rows] bool.</param>
    public TripletSelection Triplets(Tensor negatives, Tensor kept)
    {
        Tensor rows = kept.nonzero().squeeze(1);
        return new TripletSelection(new TripletIndices(Anchors.index_select(0, rows), Positives.index_select(0, rows), negatives.index_select(0, rows)));
    }
}
