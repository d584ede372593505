using Semblance.Training.Objectives;
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
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        PositivePairRows rows = new(distances, relations);
        if (rows.Anchors.shape[0] == 0)
        {
            return rows.Triplets(rows.IsNegative).MoveToOuterScope();
        }

        Tensor beyond = rows.IsNegative.logical_and(rows.NegativeDistances.gt(rows.PositiveDistances));
        Tensor infinity = full_like(rows.NegativeDistances, double.PositiveInfinity);
        if (_choice == SemiHardChoice.Nearest)
        {
            Tensor inBand = beyond.logical_and(rows.NegativeDistances.lt(rows.PositiveDistances + _margin));
            return rows.Triplets(where(inBand, rows.NegativeDistances, infinity).argmin(1), inBand.any(1)).MoveToOuterScope();
        }

        Tensor nearest = where(beyond, rows.NegativeDistances, infinity).argmin(1);
        Tensor farthest = where(rows.IsNegative, rows.NegativeDistances, -infinity).argmax(1);
        return rows.Triplets(where(beyond.any(1), nearest, farthest), rows.IsNegative.any(1)).MoveToOuterScope();
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
