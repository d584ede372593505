using Semblance.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// Where the negatives fall that the library's miners choose: the distance of each from its anchor, over many batches (Wu et al. 2017,
/// figures 3b and 3c).
/// </summary>
public static class NegativeSampling
{
    /// <summary>Width of a histogram's bins; they cover [0, 2].</summary>
    public const double BinWidth = 0.025;

    /// <summary>Identities in a batch, at most.</summary>
    public const int BatchIdentities = 32;

    private const int Batches = 60;
    private const int BatchPhotos = 4;
    private const int Bins = (int)(2 / BinWidth);

    // FaceNet's margin and its squared distance for semi-hard; true distances for the others.
    private static readonly (string Strategy, string Miner, Distance Distance)[] Strategies =
    [
        ("random", "all", Distance.Euclidean),
        ("semi-hard", "semi-hard", Distance.SquaredEuclidean),
        ("hard", "batch-hard", Distance.Euclidean),
        ("distance-weighted", "distance-weighted", Distance.Euclidean),
    ];

    /// <summary>Samples negatives by each strategy.</summary>
    /// <param name="embeddings">What is sampled from.</param>
    /// <param name="seed">Which batches.</param>
    public static IReadOnlyList<SampledNegatives> Sample(IdentityEmbeddings embeddings, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        // Miners that draw do so from libtorch's generator.
        manual_seed((long)(seed & long.MaxValue));
        int[][] identities = [.. embeddings.Labels.Index().GroupBy(item => item.Item, item => item.Index).Select(group => group.ToArray())];
        long[][] counts = [.. Strategies.Select(_ => new long[Bins])];
        double[] sums = new double[Strategies.Length];
        for (int batch = 0; batch < Batches; batch++)
        {
            int[] photos = Batch(identities, new CountedRandom(seed, (ulong)batch));
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGradient = no_grad();
            Tensor rows = stack(photos.Select(photo => tensor(embeddings.Rows[photo])));
            IdentityRelations relations = IdentityRelations.Of(tensor(photos.Select(photo => (long)embeddings.Labels[photo]).ToArray()));
            for (int i = 0; i < Strategies.Length; i++)
            {
                sums[i] += Count(counts[i], Chosen(Strategies[i].Miner, Strategies[i].Distance, rows, relations));
            }
        }

        return [.. Strategies.Select((strategy, i) => SampledNegatives.Of(strategy.Strategy, strategy.Miner, counts[i], sums[i]))];
    }

    // d(a, n) of every negative chosen, as true distances.
    private static double[] Chosen(string miner, Distance distance, Tensor rows, IdentityRelations relations)
    {
        using DisposeScope scope = NewDisposeScope();
        MinerDefinition definition = MinerRegistry.All.Single(known => known.Name == miner);
        ITupleMiner<TupleSelection> made = definition.Create(
            ObjectiveArguments.Bind($"miner '{miner}'", definition.Parameters, new Dictionary<string, object?>()),
            new MinerContext(distance, Normalised: true, Margin: TripletLoss.DefaultMargin, (int)rows.shape[1]));
        DistanceMatrix distances = DistanceMatrix.Between(rows, distance, normalise: true);
        Tensor chosen = distances.At(made.Mine(distances, relations).Pairs.Negatives).to_type(ScalarType.Float64);
        return (distance == Distance.SquaredEuclidean ? chosen.clamp_min(0).sqrt() : chosen).data<double>().ToArray();
    }

    private static int[] Batch(int[][] identities, CountedRandom random)
    {
        int[] order = [.. Enumerable.Range(0, identities.Length)];
        random.Shuffle(order.AsSpan());
        List<int> photos = [];
        foreach (int identity in order.Take(BatchIdentities))
        {
            int[] own = [.. identities[identity]];
            random.Shuffle(own.AsSpan());
            photos.AddRange(own.Take(BatchPhotos));
        }

        return [.. photos];
    }

    private static double Count(long[] bins, double[] distances)
    {
        foreach (double distance in distances)
        {
            bins[Math.Clamp((int)(distance / BinWidth), 0, Bins - 1)]++;
        }

        return distances.Sum();
    }
}

/// <summary>The negatives that a strategy chose.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Miner">The miner's registered name.</param>
/// <param name="Count">How many were chosen.</param>
/// <param name="MeanDistance">Their mean distance from the anchor; NaN where none was chosen.</param>
/// <param name="Density">The histogram as a density over [0, 2]: its sum times <see cref="NegativeSampling.BinWidth"/> is 1, or 0 where none was chosen.</param>
public sealed record SampledNegatives(string Strategy, string Miner, long Count, double MeanDistance, IReadOnlyList<double> Density)
{
    internal static SampledNegatives Of(string strategy, string miner, long[] bins, double sum)
    {
        long count = bins.Sum();
        return new SampledNegatives(
            strategy, miner, count, count == 0 ? double.NaN : sum / count, [.. bins.Select(n => n / (Math.Max(1, count) * NegativeSampling.BinWidth))]);
    }
}
