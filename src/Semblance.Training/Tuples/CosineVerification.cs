using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// DeepID2's verification signal on cosine similarity (Sun et al. 2014, "Deep Learning Face Representation by Joint
/// Identification-Verification", §2): ½·(y − σ(w·cos + b))² with y = 1 for the same person, 0 for different people, and w and b learned.
/// </summary>
public sealed class CosineVerification : nn.Module, ITupleLoss<PairSelection>
{
    // Named as a checkpoint holds them.
    private readonly Parameter scale;
    private readonly Parameter shift;
    private readonly VerificationPairs _pairs;

    /// <summary>Creates the signal.</summary>
    /// <param name="scale">w at the start.</param>
    /// <param name="shift">b at the start.</param>
    /// <param name="pairs">Which pairs count.</param>
    public CosineVerification(double scale = 1, double shift = 0, VerificationPairs pairs = VerificationPairs.Both)
        : base("verification")
    {
        this.scale = nn.Parameter(tensor((float)scale));
        this.shift = nn.Parameter(tensor((float)shift));
        _pairs = pairs;
        RegisterComponents();
    }

    /// <summary>w, a scalar.</summary>
    public Parameter Scale => scale;

    /// <summary>b, a scalar.</summary>
    public Parameter Shift => shift;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The distances are not cosine distances.</exception>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        if (batch.Distances.Kind != Distance.Cosine)
        {
            throw new ArgumentException($"The distances are {batch.Distances.Kind}; cosine verification takes cosine distances.", nameof(batch));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor positives = 1 - Probability(tuples.Positives);
        Tensor negatives = Probability(tuples.Negatives);
        Tensor misses = _pairs switch
        {
            VerificationPairs.Same => positives,
            VerificationPairs.Different => negatives,
            _ => cat([positives, negatives]),
        };
        return [TupleTerms.Listed((misses.square() * 0.5).MoveToOuterDisposeScope(), () => VerificationSignal.Anchors(tuples, _pairs))];

        Tensor Probability(PairSet pairs)
        {
            Tensor cosine = 1 - batch.Distances.At(pairs);
            return ((cosine * scale.to_type(cosine.dtype)) + shift.to_type(cosine.dtype)).sigmoid();
        }
    }
}
