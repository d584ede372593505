using System.Numerics;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Where d(a, n) lies in the triplets to keep, seen from d(a, p).</summary>
public enum TripletBand
{
    /// <summary>d(a, n) ≤ d(a, p) + margin: all that a hinge of this margin would penalise.</summary>
    Violating,

    /// <summary>d(a, n) ≤ d(a, p): the wrong way round.</summary>
    Hard,

    /// <summary>d(a, p) &lt; d(a, n) ≤ d(a, p) + margin (Schroff et al. 2015, §3.2, all of them).</summary>
    SemiHard,

    /// <summary>d(a, n) > d(a, p) + margin.</summary>
    Easy,
}

/// <summary>Every triplet whose negative lies in a band of distance. Every triplet at all is <see cref="AllPairsMiner"/>'s crossing.</summary>
public sealed class TripletBandMiner : ITupleMiner<TripletSelection>
{
    private readonly TripletBand _band;
    private readonly double _margin;

    /// <summary>Creates the miner.</summary>
    /// <param name="band">Which triplets to keep.</param>
    /// <param name="margin">The band's width in units of the distance, at least 0; of no account for <see cref="TripletBand.Hard"/>.</param>
    public TripletBandMiner(TripletBand band, double margin = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        (_band, _margin) = (band, margin);
    }

    /// <summary>The registry's entry for hard triplets.</summary>
    public static MinerDefinition HardDefinition { get; } = new(
        "hard", "Every triplet whose negative is no farther than its positive.", [], (_, _) => new TripletBandMiner(TripletBand.Hard));

    /// <summary>The registry's entry for violating triplets.</summary>
    public static MinerDefinition ViolatingDefinition { get; } = new(
        "violating", "Every triplet that a hinge of this margin penalises.", [MiningBand.Parameter],
        (arguments, context) => new TripletBandMiner(TripletBand.Violating, MiningBand.Width("violating", arguments, context)));

    /// <summary>The registry's entry for easy triplets.</summary>
    public static MinerDefinition EasyDefinition { get; } = new(
        "easy", "Every triplet whose negative lies beyond the margin; what the others leave out.", [MiningBand.Parameter],
        (arguments, context) => new TripletBandMiner(TripletBand.Easy, MiningBand.Width("easy", arguments, context)));

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
        (T below, T upTo) = _band switch
        {
            TripletBand.Violating => (T.NegativeInfinity, T.CreateTruncating(_margin)),
            TripletBand.Hard => (T.NegativeInfinity, T.Zero),
            TripletBand.SemiHard => (T.Zero, T.CreateTruncating(_margin)),
            _ => (T.CreateTruncating(_margin), T.PositiveInfinity),
        };
        return TripletsFound.Each<T>(anchors, references, references, distances.Numbers.device, (anchor, _, found) =>
        {
            Span<T> row = rows.Distances[anchor];
            Span<byte> same = rows.Same[anchor];
            Span<byte> different = rows.Different[anchor];
            for (int positive = MaskedRows.Next(same, 0); positive >= 0; positive = MaskedRows.Next(same, positive + 1))
            {
                for (int negative = 0; negative < row.Length; negative++)
                {
                    T gap = row[negative] - row[positive];
                    if (different[negative] != 0 && gap > below && gap <= upTo)
                    {
                        found.Add((positive, negative));
                    }
                }
            }
        });
    }
}
