using System.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which positive or negative of an anchor is taken.</summary>
public enum Strategy
{
    /// <summary>Every one.</summary>
    All,

    /// <summary>The nearest positive, the farthest negative.</summary>
    Easy,

    /// <summary>The farthest positive, the nearest negative.</summary>
    Hard,

    /// <summary>The farthest positive nearer than the chosen negative, or the nearest negative farther than the chosen positive.</summary>
    SemiHard,
}

/// <summary>
/// One positive and one negative of each anchor, each by its own strategy (Xuan, Stylianou and Pless 2020, "Improved Embeddings with Easy
/// Positive Triplet Mining", §3: easy positives keep what differs within a person; the names of strategies as in pytorch-metric-learning).
/// Anchors without a valid choice are left out. With <see cref="Strategy.All"/> on a side every pair of that side is taken, also of anchors that have none on the other.
/// </summary>
public sealed class BatchEasyHardMiner : ITupleMiner<TupleSelection>
{
    private static readonly (string Name, Strategy Value)[] Strategies =
        [("easy", Strategy.Easy), ("semi-hard", Strategy.SemiHard), ("hard", Strategy.Hard), ("all", Strategy.All)];

    private readonly Strategy _positive;
    private readonly Strategy _negative;

    /// <summary>Creates the miner.</summary>
    /// <param name="positive">How positives are chosen.</param>
    /// <param name="negative">How negatives are chosen.</param>
    /// <exception cref="UsageException">Semi-hard looks at the choice on the other side, so the other side must be easy or hard.</exception>
    public BatchEasyHardMiner(Strategy positive = Strategy.Easy, Strategy negative = Strategy.SemiHard)
    {
        if ((positive == Strategy.SemiHard && negative is Strategy.SemiHard or Strategy.All) || (positive == Strategy.All && negative == Strategy.SemiHard))
        {
            throw new UsageException(
                "The miner 'batch-easy-hard' takes 'semi-hard' on one side only, beside 'easy' or 'hard' on the other: it is measured by what the other side chose.");
        }

        (_positive, _negative) = (positive, negative);
    }

    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        "batch-easy-hard",
        "One positive and one negative of each anchor, each easy, semi-hard or hard, or all (easy positives: Xuan et al. 2020).",
        [
            new ChoiceParameter<Strategy>("positive", "easy", Strategies,
                "easy = the nearest; hard = the farthest; semi-hard = the farthest that is nearer than the chosen negative; all = every one."),
            new ChoiceParameter<Strategy>("negative", "semi-hard", Strategies,
                "easy = the farthest; hard = the nearest; semi-hard = the nearest that is farther than the chosen positive; all = every one."),
        ],
        (arguments, _) => new BatchEasyHardMiner(arguments.Choice<Strategy>("positive"), arguments.Choice<Strategy>("negative")));

    /// <inheritdoc/>
    public TupleSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using DisposeScope scope = NewDisposeScope();
        bool isDouble = distances.Numbers.dtype == ScalarType.Float64;
        if (_positive != Strategy.All && _negative != Strategy.All)
        {
            return (isDouble ? OneOfEach<double>(distances, relations) : OneOfEach<float>(distances, relations)).MoveToOuterScope();
        }

        return (isDouble ? BySide<double>(distances, relations) : BySide<float>(distances, relations)).MoveToOuterScope();
    }

    private TripletSelection OneOfEach<T>(DistanceMatrix distances, IdentityRelations relations)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MiningRows<T> rows = new(distances, relations);
        return TripletsFound.Each<T>(rows.Distances.Rows, rows.Distances.Columns, rows.Distances.Columns, distances.Numbers.device, (anchor, scratch, found) =>
        {
            (int positive, int negative) = (-1, -1);
            Span<T> row = rows.Distances[anchor];
            if (_positive != Strategy.SemiHard)
            {
                positive = Positive(rows, anchor, T.PositiveInfinity);
                negative = _negative == Strategy.SemiHard && positive < 0 ? -1 : Negative(rows, anchor, positive < 0 ? T.Zero : row[positive], scratch);
            }
            else
            {
                negative = Negative(rows, anchor, T.NegativeInfinity, scratch);
                positive = negative < 0 ? -1 : Positive(rows, anchor, row[negative]);
            }

            if (positive >= 0 && negative >= 0)
            {
                found.Add((positive, negative));
            }
        });
    }

    private PairSelection BySide<T>(DistanceMatrix distances, IdentityRelations relations)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MiningRows<T> rows = new(distances, relations);
        T[] scratch = new T[ExcessRow.Padded<T>(rows.Distances.Columns)];
        return new PairSelection(
            _positive == Strategy.All ? PairSet.Of(relations.Same.alias()) : Side(anchor => Positive(rows, anchor, T.PositiveInfinity)),
            _negative == Strategy.All ? PairSet.Of(relations.Different.alias()) : Side(anchor => Negative(rows, anchor, T.NegativeInfinity, scratch)));

        PairSet Side(Func<int, int> choose)
        {
            (long Anchor, long Other)[] pairs =
                [.. Enumerable.Range(0, rows.Distances.Rows).Select(anchor => ((long)anchor, (long)choose(anchor))).Where(pair => pair.Item2 >= 0)];
            Device device = distances.Numbers.device;
            return PairSet.Of(new PairIndices(
                tensor(pairs.Select(p => p.Anchor).ToArray()).to(device), tensor(pairs.Select(p => p.Other).ToArray()).to(device)));
        }
    }

    private int Positive<T>(MiningRows<T> rows, int anchor, T nearerThan)
        where T : unmanaged, IFloatingPointIeee754<T> => _positive == Strategy.Easy
            ? Neighbours.Nearest<T>(rows.Distances[anchor], rows.Same[anchor])
            : Neighbours.Farthest<T>(rows.Distances[anchor], rows.Same[anchor], nearerThan);

    private int Negative<T>(MiningRows<T> rows, int anchor, T fartherThan, T[] scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (_negative == Strategy.Easy)
        {
            return Neighbours.Farthest<T>(rows.Distances[anchor], rows.Different[anchor], T.PositiveInfinity);
        }

        Neighbours.Masked<T>(rows.Distances[anchor], rows.Different[anchor], scratch);
        return Neighbours.NearestBeyond<T>(scratch, _negative == Strategy.SemiHard ? fartherThan : T.NegativeInfinity);
    }
}
