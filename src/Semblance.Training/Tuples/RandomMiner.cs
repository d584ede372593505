using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// For each ordered positive pair some negatives of its anchor, each drawn from all of them with equal chance (the baseline of Schroff et
/// al. 2015, §3.2, and of Wu et al. 2017, §4). Drawn with replacement from libtorch's generator, whose state is in the checkpoint.
/// </summary>
public sealed class RandomMiner : ITupleMiner<TripletSelection>
{
    private const int MostNegatives = 1000;

    private readonly int _negatives;

    /// <summary>Creates the miner.</summary>
    /// <param name="negatives">Negatives for each positive pair, at least 1.</param>
    public RandomMiner(int negatives = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(negatives);
        _negatives = negatives;
    }

    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        "random",
        "For each positive pair negatives of its anchor at random (the baseline of Schroff et al. 2015 and Wu et al. 2017).",
        [new WholeParameter("negatives", 1, 1, MostNegatives, "How many for each positive pair; one may be drawn twice.")],
        (arguments, _) => new RandomMiner(arguments.Whole("negatives")));

    /// <inheritdoc/>
    public TripletSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Grid<byte> same = Grid<byte>.Of(MaskedRows.OnCpu(relations.Same));
        Grid<byte> different = Grid<byte>.Of(MaskedRows.OnCpu(relations.Different));
        long[] pairs = MaskedRows.Counts(relations.Same);
        long[] starts = new long[pairs.Length];
        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] = starts[i - 1] + pairs[i - 1];
        }

        // All numbers at once and in the order of pairs, so that threads do not matter.
        Tensor drawn = rand(pairs.Sum() * _negatives, ScalarType.Float64);
        Grid<double> numbers = Grid<double>.Of(drawn);
        return TripletsFound.Each<int>(same.Rows, same.Columns, same.Columns, distances.Numbers.device, (anchor, candidates, found) =>
        {
            int count = 0;
            Span<byte> negatives = different[anchor];
            for (int j = 0; j < negatives.Length; j++)
            {
                candidates[count] = j;
                count += negatives[j];
            }

            if (count == 0)
            {
                return;
            }

            int next = (int)starts[anchor] * _negatives;
            Span<byte> positives = same[anchor];
            for (int positive = MaskedRows.Next(positives, 0); positive >= 0; positive = MaskedRows.Next(positives, positive + 1))
            {
                for (int k = 0; k < _negatives; k++)
                {
                    found.Add((positive, candidates[Math.Min(count - 1, (int)(numbers[0][next++] * count))]));
                }
            }
        }).MoveToOuterScope();
    }
}
