using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Some pairs of a batch by position.</summary>
/// <param name="Anchors">[pairs] int64.</param>
/// <param name="Others">[pairs] int64.</param>
public readonly record struct PairIndices(Tensor Anchors, Tensor Others)
{
    /// <summary>Number of pairs.</summary>
    public long Count => Anchors.shape[0];
}

/// <summary>What a miner chose from a batch.</summary>
public abstract class TupleSelection
{
    /// <summary>Number of tuples.</summary>
    public abstract long Count { get; }

    /// <summary>The pairs of the same person among the tuples.</summary>
    public abstract PairIndices PositivePairs { get; }

    /// <summary>The pairs of different people among the tuples.</summary>
    public abstract PairIndices NegativePairs { get; }
}

/// <summary>Pairs, each with its verdict: same or different.</summary>
public sealed class PairSelection : TupleSelection
{
    /// <summary>Creates the selection.</summary>
    /// <param name="positives">Pairs of the same person.</param>
    /// <param name="negatives">Pairs of different people.</param>
    public PairSelection(PairIndices positives, PairIndices negatives) => (PositivePairs, NegativePairs) = (positives, negatives);

    /// <inheritdoc/>
    public override long Count => PositivePairs.Count + NegativePairs.Count;

    /// <inheritdoc/>
    public override PairIndices PositivePairs { get; }

    /// <inheritdoc/>
    public override PairIndices NegativePairs { get; }
}

/// <summary>Triplets of anchor, positive (same person) and negative (another person).</summary>
public sealed class TripletSelection : TupleSelection
{
    /// <summary>Creates the selection.</summary>
    /// <param name="anchors">[triplets] int64.</param>
    /// <param name="positives">[triplets] int64.</param>
    /// <param name="negatives">[triplets] int64.</param>
    public TripletSelection(Tensor anchors, Tensor positives, Tensor negatives) => (Anchors, Positives, Negatives) = (anchors, positives, negatives);

    /// <summary>[triplets] int64.</summary>
    public Tensor Anchors { get; }

    /// <summary>[triplets] int64.</summary>
    public Tensor Positives { get; }

    /// <summary>[triplets] int64.</summary>
    public Tensor Negatives { get; }

    /// <inheritdoc/>
    public override long Count => Anchors.shape[0];

    /// <inheritdoc/>
    public override PairIndices PositivePairs => new(Anchors, Positives);

    /// <inheritdoc/>
    public override PairIndices NegativePairs => new(Anchors, Negatives);

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal TripletSelection MoveToOuterScope()
    {
        Anchors.MoveToOuterDisposeScope();
        Positives.MoveToOuterDisposeScope();
        Negatives.MoveToOuterDisposeScope();
        return this;
    }
}
