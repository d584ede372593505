using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// All distances within a batch, computed once and shared by miner and loss. They come from one matrix product, after the batch mean has
/// been taken off (distances do not depend on it, but the digits left after cancellation do, most of all when embeddings crowd together).
/// A distance below what rounding can tell from zero counts as zero and has a zero gradient, so that duplicates never give NaN.
/// </summary>
public sealed class DistanceMatrix
{
    private DistanceMatrix(Tensor values, Distance kind, bool normalised) => (Values, Kind, Normalised) = (values, kind, normalised);

    /// <summary>[batch × batch], attached to the graph; owned by the dispose scope of <see cref="Between"/>'s caller. The diagonal carries no meaning.</summary>
    public Tensor Values { get; }

    /// <summary>What kind of distance it holds.</summary>
    public Distance Kind { get; }

    /// <summary>Whether embeddings were scaled to unit length.</summary>
    public bool Normalised { get; }

    /// <summary>Number of embeddings.</summary>
    public long Count => Values.shape[0];

    /// <summary>Computes the distances between all rows.</summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype: float64 stays, all others are computed in float32.</param>
    /// <param name="kind">Which distance.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first (always so for cosine).</param>
    public static DistanceMatrix Between(Tensor embeddings, Distance kind, bool normalise)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        using DisposeScope scope = NewDisposeScope();
        Tensor x = embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to_type(ScalarType.Float32);
        bool normalised = normalise || kind == Distance.Cosine;
        x = normalised ? UnitRows.Of(x) : x;
        Tensor values = kind == Distance.Cosine ? 1 - x.matmul(x.t()) : Euclidean(x, kind);
        return new DistanceMatrix(values.MoveToOuterDisposeScope(), kind, normalised);
    }

    /// <summary>The distances of some pairs.</summary>
    /// <param name="pairs">Which.</param>
    /// <returns>[pairs], attached to the graph; owned by the caller's dispose scope.</returns>
    public Tensor At(PairIndices pairs)
    {
        using DisposeScope scope = NewDisposeScope();
        // One flat index: its backward is a single index_add, far cheaper than that of a two-dimensional one.
        return Values.reshape(-1).index_select(0, (pairs.Anchors * Count) + pairs.Others).MoveToOuterDisposeScope();
    }

    private static Tensor Euclidean(Tensor x, Distance kind)
    {
        if (x.shape[0] == 0)
        {
            return x.matmul(x.t());
        }

        Tensor centred = x - x.detach().mean([0], keepdim: true);
        Tensor norms = centred.square().sum(1, keepdim: true);
        Tensor sums = norms + norms.t();
        Tensor squared = sums - (2 * centred.matmul(centred.t()));
        double epsilon = x.dtype == ScalarType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1f) - 1;
        // Rounding of the product and of the three sums: some units in the last place of ‖a‖² + ‖b‖².
        Tensor tellable = squared.gt(sums.detach() * (8 * epsilon));
        Tensor guarded = where(tellable, squared, ones_like(squared));
        return (kind == Distance.Euclidean ? guarded.sqrt() : guarded) * tellable;
    }
}
