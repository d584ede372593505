using System.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// The informative pairs of each anchor (Wang et al. 2019, "Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning",
/// eqs. 11 and 12, in distances): a negative nearer than the farthest positive + ε, a positive farther than the nearest negative − ε. An
/// anchor without positives or without negatives has nothing to compare with and gives none.
/// </summary>
public sealed class MultiSimilarityMiner : ITupleMiner<PairSelection>
{
    /// <summary>The paper's ε, in units of the cosine.</summary>
    public const double DefaultEpsilon = 0.1;

    private readonly double _epsilon;

    /// <summary>Creates the miner.</summary>
    /// <param name="epsilon">ε in units of the distance, at least 0.</param>
    public MultiSimilarityMiner(double epsilon = DefaultEpsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        _epsilon = epsilon;
    }

    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        "multi-similarity",
        "Pairs that are the wrong way round within an anchor, or nearly so (Wang et al. 2019).",
        [
            new RealParameter("epsilon", DefaultEpsilon, 0, double.PositiveInfinity,
                "The slack ε in units of the distance: larger keeps more pairs. The paper's is in units of the cosine."),
        ],
        (arguments, _) => new MultiSimilarityMiner(arguments.Real("epsilon")));

    /// <inheritdoc/>
    public PairSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using DisposeScope scope = NewDisposeScope();
        return (distances.Numbers.dtype == ScalarType.Float64 ? Mine<double>(distances, relations) : Mine<float>(distances, relations)).MoveToOuterScope();
    }

    private PairSelection Mine<T>(DistanceMatrix distances, IdentityRelations relations)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MiningRows<T> rows = new(distances, relations);
        Tensor positives = zeros(distances.AnchorCount, distances.ReferenceCount, ScalarType.Bool);
        Tensor negatives = zeros_like(positives);
        Grid<byte> positiveCells = Grid<byte>.Of(positives);
        Grid<byte> negativeCells = Grid<byte>.Of(negatives);
        T epsilon = T.CreateTruncating(_epsilon);
        RowLoop.Run(rows.Distances.Rows, rows.Distances.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                Span<T> row = rows.Distances[i];
                Span<byte> same = rows.Same[i];
                Span<byte> different = rows.Different[i];
                int farthest = Neighbours.Farthest<T>(row, same, T.PositiveInfinity);
                int nearest = Neighbours.Nearest<T>(row, different);
                if (farthest < 0 || nearest < 0)
                {
                    continue;
                }

                (T outer, T inner) = (row[farthest] + epsilon, row[nearest] - epsilon);
                for (int j = 0; j < row.Length; j++)
                {
                    positiveCells[i][j] = (byte)(same[j] & (row[j] > inner ? 1 : 0));
                    negativeCells[i][j] = (byte)(different[j] & (row[j] < outer ? 1 : 0));
                }
            }
        });
        Device device = distances.Numbers.device;
        return new PairSelection(PairSet.Of(positives.to(device)), PairSet.Of(negatives.to(device)));
    }
}
