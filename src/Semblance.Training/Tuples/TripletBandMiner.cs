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
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        PositivePairRows rows = new(distances, relations);
        Tensor gap = rows.NegativeDistances - rows.PositiveDistances;
        Tensor inBand = _band switch
        {
            TripletBand.Violating => gap.le(_margin),
            TripletBand.Hard => gap.le(0),
            TripletBand.SemiHard => gap.gt(0).logical_and(gap.le(_margin)),
            _ => gap.gt(_margin),
        };
        return rows.Triplets(rows.IsNegative.logical_and(inBand)).MoveToOuterScope();
    }
}
