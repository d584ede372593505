using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>What a miner chose from a batch: pairs (<see cref="PairSelection"/>) or triplets (<see cref="TripletSelection"/>). Each can be seen as the other.</summary>
public abstract class TupleSelection
{
    /// <summary>Number of tuples.</summary>
    public abstract long Count { get; }

    /// <summary>The pairs within the tuples; of a list of triplets as often as a triplet holds them.</summary>
    public abstract PairSelection Pairs { get; }

    /// <summary>The triplets that the tuples make: pairs are joined at their anchor, each positive with each negative.</summary>
    public abstract TripletSelection Triplets { get; }

    /// <summary>Means of d(a, p) and d(a, n) over the tuples; null where there are none.</summary>
    /// <param name="distances">The distances of the batch.</param>
    public abstract (double? Positive, double? Negative) MeanDistances(DistanceMatrix distances);
}

/// <summary>Pairs, each with its verdict: same or different.</summary>
public sealed class PairSelection : TupleSelection
{
    /// <summary>Creates the selection.</summary>
    /// <param name="positives">Pairs of the same person.</param>
    /// <param name="negatives">Pairs of different people.</param>
    public PairSelection(PairSet positives, PairSet negatives)
    {
        ArgumentNullException.ThrowIfNull(positives);
        ArgumentNullException.ThrowIfNull(negatives);
        (Positives, Negatives) = (positives, negatives);
    }

    /// <summary>Pairs of the same person.</summary>
    public PairSet Positives { get; }

    /// <summary>Pairs of different people.</summary>
    public PairSet Negatives { get; }

    /// <inheritdoc/>
    public override long Count => Positives.Count + Negatives.Count;

    /// <inheritdoc/>
    public override PairSelection Pairs => this;

    /// <inheritdoc/>
    public override TripletSelection Triplets => new(this);

    /// <inheritdoc/>
    public override (double? Positive, double? Negative) MeanDistances(DistanceMatrix distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        return (Mean(Positives), Mean(Negatives));

        double? Mean(PairSet pairs)
        {
            if (pairs.Count == 0)
            {
                return null;
            }

            if (pairs.IsDense)
            {
                return MaskedRows.Sums(distances.Numbers, pairs.DenseMask).Sum() / pairs.Count;
            }

            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return distances.At(pairs.List()).to_type(ScalarType.Float64).mean().item<double>();
        }
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal PairSelection MoveToOuterScope()
    {
        Positives.MoveToOuterScope();
        Negatives.MoveToOuterScope();
        return this;
    }
}

/// <summary>The positions of triplets.</summary>
/// <param name="Anchors">[triplets] int64: rows of the distance matrix.</param>
/// <param name="Positives">[triplets] int64: columns, the same person.</param>
/// <param name="Negatives">[triplets] int64: columns, another person.</param>
public readonly record struct TripletIndices(Tensor Anchors, Tensor Positives, Tensor Negatives)
{
    /// <summary>Number of triplets.</summary>
    public long Count => Anchors.shape[0];
}

/// <summary>
/// Triplets of anchor, positive (same person) and negative (another person): a list, or all that a selection of pairs makes when each
/// positive of an anchor meets each of its negatives. The latter are never written out unless asked for: at batch 1,024 they are millions.
/// </summary>
public sealed class TripletSelection : TupleSelection
{
    private readonly TripletIndices? _list;
    private readonly long _count;

    /// <summary>Creates a list of triplets.</summary>
    /// <param name="list">The positions; the tensors must outlive the selection.</param>
    public TripletSelection(TripletIndices list) => (_list, _count) = (list, list.Count);

    /// <summary>Creates all triplets that pairs make.</summary>
    /// <param name="crossing">The pairs.</param>
    public TripletSelection(PairSelection crossing)
    {
        ArgumentNullException.ThrowIfNull(crossing);
        Crossing = crossing;
        _count = CountCrossed(crossing);
    }

    /// <summary>The pairs whose crossing these triplets are, or null for a list.</summary>
    public PairSelection? Crossing { get; }

    /// <inheritdoc/>
    public override long Count => _count;

    /// <inheritdoc/>
    public override PairSelection Pairs => Crossing ?? new PairSelection(
        PairSet.Of(new PairIndices(_list!.Value.Anchors, _list.Value.Positives)),
        PairSet.Of(new PairIndices(_list.Value.Anchors, _list.Value.Negatives)));

    /// <inheritdoc/>
    public override TripletSelection Triplets => this;

    /// <summary>The positions.</summary>
    /// <returns>The list itself, or one that writes the crossing out, which is owned by the caller's dispose scope.</returns>
    public TripletIndices List()
    {
        if (_list is { } list)
        {
            return list;
        }

        using DisposeScope scope = NewDisposeScope();
        PairIndices positives = Crossing!.Positives.List();
        PairIndices negatives = Crossing.Negatives.List();
        if (positives.Count == 0 || negatives.Count == 0)
        {
            Tensor none = zeros(0, ScalarType.Int64, positives.Anchors.device);
            return new TripletIndices(none.MoveToOuterDisposeScope(), none.clone().MoveToOuterDisposeScope(), none.clone().MoveToOuterDisposeScope());
        }

        // Negatives sorted by anchor; a positive pair takes the run of its anchor.
        Tensor order = negatives.Anchors.argsort(0, false);
        Tensor sorted = negatives.Others.index_select(0, order);
        long rows = Math.Max(positives.Anchors.max().item<long>(), negatives.Anchors.max().item<long>()) + 1;
        Tensor counts = negatives.Anchors.bincount(null, (int)rows);
        Tensor starts = counts.cumsum(0) - counts;
        Tensor perPair = counts.index_select(0, positives.Anchors);
        Tensor pair = arange(positives.Count).repeat_interleave(perPair);
        Tensor begins = perPair.cumsum(0) - perPair;
        Tensor within = arange(pair.shape[0]) - begins.index_select(0, pair);
        Tensor anchors = positives.Anchors.index_select(0, pair);
        Tensor others = positives.Others.index_select(0, pair);
        Tensor cells = starts.index_select(0, anchors) + within;
        return new TripletIndices(
            anchors.MoveToOuterDisposeScope(), others.MoveToOuterDisposeScope(), sorted.index_select(0, cells).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override (double? Positive, double? Negative) MeanDistances(DistanceMatrix distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        if (Crossing is null)
        {
            return Pairs.MeanDistances(distances);
        }

        if (Count == 0)
        {
            return (null, null);
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (double[] sumP, long[] countP) = Rows(Crossing.Positives);
        (double[] sumN, long[] countN) = Rows(Crossing.Negatives);
        return (sumP.Zip(countN, (s, n) => s * n).Sum() / Count, sumN.Zip(countP, (s, n) => s * n).Sum() / Count);

        (double[] Sums, long[] Counts) Rows(PairSet pairs)
        {
            Tensor mask = pairs.Mask(distances);
            return (MaskedRows.Sums(distances.Numbers, mask), MaskedRows.Counts(mask));
        }
    }

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal TripletSelection MoveToOuterScope()
    {
        _list?.Anchors.MoveToOuterDisposeScope();
        _list?.Positives.MoveToOuterDisposeScope();
        _list?.Negatives.MoveToOuterDisposeScope();
        Crossing?.MoveToOuterScope();
        return this;
    }

    private static long CountCrossed(PairSelection pairs)
    {
        using DisposeScope scope = NewDisposeScope();
        if (pairs.Positives.Count == 0 || pairs.Negatives.Count == 0)
        {
            return 0;
        }

        if (pairs.Positives.IsDense && pairs.Negatives.IsDense)
        {
            return MaskedRows.Counts(pairs.Positives.DenseMask).Zip(MaskedRows.Counts(pairs.Negatives.DenseMask), (p, n) => p * n).Sum();
        }

        Tensor positives = pairs.Positives.List().Anchors;
        Tensor negatives = pairs.Negatives.List().Anchors;
        long rows = Math.Max(positives.max().item<long>(), negatives.max().item<long>()) + 1;
        return (positives.bincount(null, (int)rows) * negatives.bincount(null, (int)rows)).sum().item<long>();
    }
}
