using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// All distances between the anchors of a batch (rows) and its references (columns: the batch itself, and what a memory holds beyond it),
/// computed once and shared by miner and loss. They come from one matrix product, after the mean has
/// been taken off (distances do not depend on it, but the digits left after cancellation do, most of all when embeddings crowd together).
/// A distance below what rounding can tell from zero counts as zero and has a zero gradient, so that duplicates never give NaN.
/// </summary>
public sealed class DistanceMatrix
{
    private DistanceMatrix(Tensor values, Tensor anchors, Tensor references, Distance kind, bool normalised) =>
        (Values, Anchors, References, Kind, Normalised) = (values, anchors, references, kind, normalised);

    /// <summary>[anchors × references], attached to the graph; owned by the dispose scope of <see cref="Between"/>'s caller. The cell of a photo with itself carries no meaning.</summary>
    public Tensor Values { get; }

    /// <summary>[anchors × dim]: the embeddings that were compared (normalised where asked for), attached to the graph; same owner.</summary>
    public Tensor Anchors { get; }

    /// <summary>[references × dim]: the same for the columns; the batch comes first.</summary>
    public Tensor References { get; }

    /// <summary>What kind of distance it holds.</summary>
    public Distance Kind { get; }

    /// <summary>Whether embeddings were scaled to unit length.</summary>
    public bool Normalised { get; }

    /// <summary>Number of rows: the batch.</summary>
    public long AnchorCount => Values.shape[0];

    /// <summary>Number of columns: the batch and what a memory holds.</summary>
    public long ReferenceCount => Values.shape[1];

    /// <summary>Whether columns are the rows.</summary>
    public bool IsSquare => AnchorCount == ReferenceCount;

    /// <summary>Computes the distances between all rows, and to what a memory holds.</summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype: float64 stays, all others are computed in float32.</param>
    /// <param name="kind">Which distance.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first (always so for cosine).</param>
    /// <param name="further">[n × dim]: references beyond the batch, no part of the graph; null for none.</param>
    public static DistanceMatrix Between(Tensor embeddings, Distance kind, bool normalise, Tensor? further = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        using DisposeScope scope = NewDisposeScope();
        bool normalised = normalise || kind == Distance.Cosine;
        Tensor x = Prepared(embeddings, normalised);
        Tensor y = further is null || further.shape[0] == 0 ? x : cat([x, Prepared(further.detach().to_type(x.dtype), normalised)]);
        Tensor values = kind switch
        {
            Distance.Cosine => 1 - x.matmul(y.t()),
            Distance.InnerProduct => -x.matmul(y.t()),
            _ => Euclidean(x, y, kind),
        };
        // Moved once where both are one: a second move would go a scope too far.
        return new DistanceMatrix(
            values.MoveToOuterDisposeScope(), x.MoveToOuterDisposeScope(), ReferenceEquals(x, y) ? x : y.MoveToOuterDisposeScope(), kind, normalised);
    }

    /// <summary>The distances of some pairs.</summary>
    /// <param name="pairs">Which.</param>
    /// <returns>[pairs], attached to the graph; owned by the caller's dispose scope.</returns>
    public Tensor At(PairSet pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return pairs.IsDense ? Values.masked_select(pairs.DenseMask) : At(pairs.List());
    }

    /// <summary>The distances of some pairs.</summary>
    /// <param name="pairs">Which.</param>
    /// <returns>[pairs], attached to the graph; owned by the caller's dispose scope.</returns>
    public Tensor At(PairIndices pairs)
    {
        using DisposeScope scope = NewDisposeScope();
        // One flat index: its backward is a single index_add, far cheaper than that of a two-dimensional one.
        return Values.reshape(-1).index_select(0, (pairs.Anchors * ReferenceCount) + pairs.Others).MoveToOuterDisposeScope();
    }

    private static Tensor Prepared(Tensor embeddings, bool normalised)
    {
        Tensor x = embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to_type(ScalarType.Float32);
        // An alias, since the embeddings themselves belong to the caller.
        return normalised ? UnitRows.Of(x) : x.alias();
    }

    private static Tensor Euclidean(Tensor x, Tensor y, Distance kind)
    {
        if (x.shape[0] == 0)
        {
            return x.matmul(y.t());
        }

        Tensor mean = y.detach().mean([0], keepdim: true);
        Tensor a = x - mean;
        Tensor b = ReferenceEquals(x, y) ? a : y - mean;
        Tensor norms = a.square().sum(1, keepdim: true);
        Tensor sums = norms + (ReferenceEquals(a, b) ? norms : b.square().sum(1, keepdim: true)).t();
        Tensor squared = sums - (2 * a.matmul(b.t()));
        double epsilon = x.dtype == ScalarType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1f) - 1;
        // Rounding of the product and of the three sums: some units in the last place of ‖a‖² + ‖b‖².
        Tensor tellable = squared.gt(sums.detach() * (16 * epsilon));
        Tensor guarded = where(tellable, squared, ones_like(squared));
        return (kind == Distance.Euclidean ? guarded.sqrt() : guarded) * tellable;
    }
}
