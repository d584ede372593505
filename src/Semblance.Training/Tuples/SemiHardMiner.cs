using System.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which negative a positive pair takes where one is taken for each pair.</summary>
public enum SemiHardChoice
{
    /// <summary>The nearest with d(a, p) &lt; d(a, n) &lt; d(a, p) + margin; pairs without one are left out.</summary>
    Nearest,

    /// <summary>The nearest with d(a, n) > d(a, p), without upper limit; pairs without one take the farthest negative (as TensorFlow Addons).</summary>
    NearestElseFarthest,
}

/// <summary>
/// One semi-hard negative for each ordered positive pair (Schroff et al. 2015, "FaceNet", §3.2). To keep every semi-hard triplet instead,
/// take <see cref="TripletBandMiner"/> with <see cref="TripletBand.SemiHard"/>.
/// </summary>
public sealed class SemiHardMiner : ITupleMiner<TripletSelection>
{
    private readonly SemiHardChoice _choice;
    private readonly double _margin;

    /// <summary>Creates the miner.</summary>
    /// <param name="choice">Which negative is taken.</param>
    /// <param name="margin">The band's width in units of the distance, above 0; of no account for <see cref="SemiHardChoice.NearestElseFarthest"/>.</param>
    public SemiHardMiner(SemiHardChoice choice, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        (_choice, _margin) = (choice, margin);
    }

    /// <summary>The registry's entry, with all three published meanings of the word.</summary>
    public static MinerDefinition Definition { get; } = new(
        "semi-hard",
        "Negatives beyond the positive but within the margin (FaceNet, Schroff et al. 2015).",
        [
            new ChoiceParameter<SemiHardDefinition>("definition", "nearest",
                [("nearest", SemiHardDefinition.Nearest), ("all", SemiHardDefinition.All), ("tfa", SemiHardDefinition.Tfa)],
                "For each anchor and positive: nearest = the nearest negative within the margin; all = every one within it "
                + "(pytorch-metric-learning); tfa = the nearest beyond the positive, else the farthest (TensorFlow Addons)."),
            MiningBand.Parameter,
        ],
        Create);

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
            (Grid<T> cells, int farthest) = (rows.Distances, -1);
            Neighbours.Masked<T>(cells[anchor], rows.Different[anchor], scratch);
            Span<byte> same = rows.Same[anchor];
            for (int positive = MaskedRows.Next(same, 0); positive >= 0; positive = MaskedRows.Next(same, positive + 1))
            {
                T toPositive = cells[anchor][positive];
                int negative = Neighbours.NearestBeyond<T>(scratch, toPositive);
                if (_choice == SemiHardChoice.NearestElseFarthest && negative < 0)
                {
                    farthest = farthest >= 0 ? farthest : Neighbours.Farthest<T>(cells[anchor], rows.Different[anchor], T.PositiveInfinity);
                    negative = farthest;
                }

                if (negative >= 0 && (_choice == SemiHardChoice.NearestElseFarthest || cells[anchor][negative] < toPositive + T.CreateTruncating(_margin)))
                {
                    found.Add((positive, negative));
                }
            }
        });
    }

    private static ITupleMiner<TripletSelection> Create(ObjectiveArguments arguments, MinerContext context)
    {
        SemiHardDefinition definition = arguments.Choice<SemiHardDefinition>("definition");
        if (definition == SemiHardDefinition.Tfa)
        {
            arguments.RefuseIfGiven("margin", "with the definition 'tfa', which has no band");
            return new SemiHardMiner(SemiHardChoice.NearestElseFarthest, 0);
        }

        double width = MiningBand.Width("semi-hard", arguments, context);
        return definition == SemiHardDefinition.All ? new TripletBandMiner(TripletBand.SemiHard, width) : new SemiHardMiner(SemiHardChoice.Nearest, width);
    }

    private enum SemiHardDefinition
    {
        Nearest,
        All,
        Tfa,
    }
}
