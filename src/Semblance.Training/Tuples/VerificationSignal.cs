using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which pairs DeepID2's verification signal takes.</summary>
public enum VerificationPairs
{
    /// <summary>Those of the same person and those of different people: the paper's L2.</summary>
    Both,

    /// <summary>Those of the same person only: the paper's L2+.</summary>
    Same,

    /// <summary>Those of different people only: the paper's L2−.</summary>
    Different,
}

/// <summary>
/// DeepID2's verification signal on Euclidean distance (Sun, Chen, Wang and Tang 2014, "Deep Learning Face Representation by Joint
/// Identification-Verification", eq. 3): ½d² for the same person, ½·max(0, m − d)² for different people, with a margin that is given or estimated.
/// </summary>
public sealed class VerificationSignal : nn.Module, ITupleLoss<PairSelection>, IAnnealed
{
    private readonly EstimatedMargin? margin;
    private readonly double _fixed;
    private readonly VerificationPairs _pairs;
    private double _eased = 1;

    /// <summary>Creates the signal with a margin that stands.</summary>
    /// <param name="margin">m, above 0, in units of the distance.</param>
    /// <param name="pairs">Which pairs count.</param>
    public VerificationSignal(double margin, VerificationPairs pairs = VerificationPairs.Both)
        : base("verification")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        (_fixed, _pairs) = (margin, pairs);
    }

    /// <summary>Creates the signal with a margin that is estimated.</summary>
    /// <param name="margin">The estimate; the signal owns it.</param>
    /// <param name="pairs">Which pairs count.</param>
    public VerificationSignal(EstimatedMargin margin, VerificationPairs pairs = VerificationPairs.Both)
        : base("verification")
    {
        ArgumentNullException.ThrowIfNull(margin);
        (this.margin, _pairs) = (margin, pairs);
        RegisterComponents();
    }

    /// <summary>The margin as it stands; null as long as an estimated one is not known.</summary>
    public double? Margin => margin is null ? _fixed : margin.Value;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor positives = batch.Distances.At(tuples.Positives);
        Tensor negatives = batch.Distances.At(tuples.Negatives);
        // As long as no margin is known pairs of different people cost nothing.
        double m = (margin is null ? _fixed : margin.For(positives, negatives) ?? 0) * _eased;
        Tensor penalties = _pairs switch
        {
            VerificationPairs.Same => positives.square(),
            VerificationPairs.Different => (m - negatives).relu().square(),
            _ => cat([positives.square(), (m - negatives).relu().square()]),
        };
        return [TupleTerms.Listed((penalties * 0.5).MoveToOuterDisposeScope(), () => Anchors(tuples, _pairs))];
    }

    /// <summary>[penalties] int64: the anchors of the pairs that count, positives first.</summary>
    internal static Tensor Anchors(PairSelection tuples, VerificationPairs pairs) => pairs switch
    {
        VerificationPairs.Same => tuples.Positives.List().Anchors,
        VerificationPairs.Different => tuples.Negatives.List().Anchors,
        _ => cat([tuples.Positives.List().Anchors, tuples.Negatives.List().Anchors]),
    };
}
