using System.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
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
        using DisposeScope scope = NewDisposeScope();
        return (distances.Numbers.dtype == ScalarType.Float64 ? Mine<double>(distances, relations) : Mine<float>(distances, relations)).MoveToOuterScope();
    }

    private TripletSelection Mine<T>(DistanceMatrix distances, IdentityRelations relations)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MiningRows<T> rows = new(distances, relations);
        (int anchors, int references) = (rows.Distances.Rows, rows.Distances.Columns);
        return TripletsFound.Each<T>(anchors, references, references, distances.Numbers.device, (anchor, scratch, found) =>
        {
            Span<T> row = rows.Distances[anchor];
            int positive = Neighbours.Farthest<T>(row, rows.Same[anchor], T.PositiveInfinity);
            Neighbours.Masked<T>(row, rows.Different[anchor], scratch);
            int negative = Neighbours.NearestBeyond<T>(scratch, T.NegativeInfinity);
            if (positive < 0 || negative < 0)
            {
                return;
            }

            T gap = row[positive] - row[negative];
            if (_fraction < 1 && gap > T.Zero)
            {
                // How much nearer than the positive a negative may lie; the bound itself counts.
                T bound = row[positive] - (gap * T.CreateTruncating(_fraction));
                int eased = Neighbours.NearestBeyond<T>(scratch, T.BitDecrement(bound));
                negative = eased >= 0 ? eased : Neighbours.Farthest<T>(row, rows.Different[anchor], T.PositiveInfinity);
            }

            found.Add((positive, negative));
        });
    }
}
