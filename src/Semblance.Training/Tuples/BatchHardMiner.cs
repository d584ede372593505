using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// For each anchor its farthest positive and its nearest negative (Hermans et al. 2017, "In Defense of the Triplet Loss for Person
/// Re-Identification", eq. 5). Anchors without a positive or without a negative are left out.
/// </summary>
public sealed class BatchHardMiner : ITupleMiner<TripletSelection>
{
    /// <inheritdoc/>
    public TripletSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor values = distances.Values.detach();
        if (distances.Count == 0)
        {
            Tensor none = zeros(0, ScalarType.Int64, values.device);
            return new TripletSelection(none, none.clone(), none.clone()).MoveToOuterScope();
        }

        Tensor infinity = full_like(values, double.PositiveInfinity);
        Tensor positives = where(relations.Same, values, -infinity).argmax(1);
        Tensor negatives = where(relations.Different, values, infinity).argmin(1);
        Tensor anchors = relations.Same.any(1).logical_and(relations.Different.any(1)).nonzero().squeeze(1);
        return new TripletSelection(anchors, positives.index_select(0, anchors), negatives.index_select(0, anchors)).MoveToOuterScope();
    }
}
