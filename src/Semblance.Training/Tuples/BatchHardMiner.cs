using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// For each anchor its farthest positive and its nearest negative (Hermans et al. 2017, "In Defense of the Triplet Loss for Person
/// Re-Identification", eq. 5). Anchors without a positive or without a negative are left out. In a warm-up negatives nearer than the
/// positive come in by and by: at fraction 0 the negative is semi-hard (the nearest beyond the positive, else the farthest), at 1 the nearest of all.
/// </summary>
public sealed class BatchHardMiner : ITupleMiner<TripletSelection>, IAnnealed
{
    private double _fraction = 1;

    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        "batch-hard", "The farthest positive and the nearest negative of each anchor (Hermans et al. 2017).", [], (_, _) => new BatchHardMiner());

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public TripletSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor values = distances.Values.detach();
        if (distances.AnchorCount == 0)
        {
            Tensor none = zeros(0, ScalarType.Int64, values.device);
            return new TripletSelection(new TripletIndices(none, none.clone(), none.clone())).MoveToOuterScope();
        }

        Tensor positives = where(relations.Same, values, double.NegativeInfinity).argmax(1);
        Tensor toNegatives = where(relations.Different, values, double.PositiveInfinity);
        Tensor negatives = _fraction < 1 ? Eased(values, toNegatives, positives, relations) : toNegatives.argmin(1);
        Tensor anchors = relations.Same.any(1).logical_and(relations.Different.any(1)).nonzero().squeeze(1);
        return new TripletSelection(
            new TripletIndices(anchors, positives.index_select(0, anchors), negatives.index_select(0, anchors))).MoveToOuterScope();
    }

    private Tensor Eased(Tensor values, Tensor toNegatives, Tensor positives, IdentityRelations relations)
    {
        Tensor positive = values.gather(1, positives.unsqueeze(1));
        Tensor nearest = toNegatives.amin([1], keepdim: true);
        Tensor bound = positive - ((positive - nearest).clamp_min(0) * _fraction);
        Tensor beyond = toNegatives.ge(bound).logical_and(relations.Different);
        Tensor farthest = where(relations.Different, values, double.NegativeInfinity).argmax(1);
        return where(beyond.any(1), where(beyond, toNegatives, double.PositiveInfinity).argmin(1), farthest);
    }
}
