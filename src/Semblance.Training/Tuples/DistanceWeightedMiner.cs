using System.Numerics;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// One negative for each ordered positive pair, drawn by the inverse of how often its distance occurs by chance (Wu et al. 2017, "Sampling
/// Matters in Deep Embedding Learning", eq. 3): Pr(n | a) ∝ min(λ, 1/q(d(a, n))), so that negatives of all distances are seen and none
/// so near that its gradient is noise. q is <see cref="SphereDistances"/>, λ = 1/q(cutoff). Negatives from <c>nonzeroLossCutoff</c> on are
/// left out, as in the authors' code: 1/q rises again beyond √2. Draws come from libtorch's global generator.
/// </summary>
public sealed class DistanceWeightedMiner : ITupleMiner<TripletSelection>
{
    /// <summary>Distance below which negatives are not preferred any further, in the authors' code.</summary>
    public const double DefaultCutoff = 0.5;

    /// <summary>Distance from which a negative is beyond β + α of the margin loss and has no gradient, in the authors' code.</summary>
    public const double DefaultNonzeroLossCutoff = 1.4;

    private const string Name = "distance-weighted";

    private readonly double _cutoff;
    private readonly double _nonzeroLossCutoff;
    private readonly bool _uniformWithout;

    /// <summary>Creates the miner.</summary>
    /// <param name="cutoff">Distance below which all negatives weigh alike, in (0, 2).</param>
    /// <param name="nonzeroLossCutoff">Distance from which negatives are left out; above 2 for none, as the paper has it.</param>
    /// <param name="uniformWithoutCandidates">Of an anchor all of whose negatives are left out: true draws from them uniformly (the authors' code), false leaves the anchor out.</param>
    public DistanceWeightedMiner(
        double cutoff = DefaultCutoff, double nonzeroLossCutoff = DefaultNonzeroLossCutoff, bool uniformWithoutCandidates = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cutoff);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cutoff, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nonzeroLossCutoff);
        (_cutoff, _nonzeroLossCutoff, _uniformWithout) = (cutoff, nonzeroLossCutoff, uniformWithoutCandidates);
    }

    /// <summary>The registry's entry.</summary>
    public static MinerDefinition Definition { get; } = new(
        Name,
        "One negative for each positive pair, drawn evenly over distances (Wu et al. 2017).",
        [
            new RealParameter("cutoff", DefaultCutoff, 0, 1.9, "The true distance below which all negatives weigh alike.", MinimumAllowed: false),
            new RealParameter("nonzero_loss_cutoff", DefaultNonzeroLossCutoff, 0, double.PositiveInfinity,
                "The true distance from which negatives are left out; above 2 for none, as the paper has it.", MinimumAllowed: false),
            new ChoiceParameter<bool>("without_candidates", "drop", [("drop", false), ("uniform", true)],
                "Of an anchor all of whose negatives are left out: drop = it is left out too (pytorch-metric-learning); uniform = any negative (the authors' code)."),
        ],
        (arguments, context) =>
        {
            if (!context.Normalised)
            {
                throw new UsageException(
                    $"The miner '{Name}' needs embeddings of unit length, whose distances are known by chance; give the loss 'normalise: true', or take another miner.");
            }

            if (context.EmbeddingSize < SphereDistances.SmallestDimension)
            {
                throw new UsageException($"The miner '{Name}' needs embeddings of at least {SphereDistances.SmallestDimension} dimensions; these have {context.EmbeddingSize}.");
            }

            return new DistanceWeightedMiner(arguments.Real("cutoff"), arguments.Real("nonzero_loss_cutoff"), arguments.Choice<bool>("without_candidates"));
        });

    /// <summary>Pr(n | a) for every cell.</summary>
    /// <param name="distances">[anchors × references]: true distances of unit vectors.</param>
    /// <param name="different">[anchors × references] bool: who is another person.</param>
    /// <param name="dimension">n of the embeddings, at least 2.</param>
    /// <returns>[anchors × references], rows of sum 1, or of zeros for an anchor that has nothing to draw from; owned by the caller's dispose scope.</returns>
    public Tensor Probabilities(Tensor distances, Tensor different, int dimension)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(different);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (distances.numel() == 0)
        {
            return zeros_like(distances).MoveToOuterDisposeScope();
        }

        Tensor near = MaskedRows.OnCpu(distances);
        Tensor negatives = MaskedRows.OnCpu(different);
        Tensor probabilities = empty_like(near);
        if (near.dtype == ScalarType.Float64)
        {
            Fill<double>(near, negatives, probabilities, dimension);
        }
        else
        {
            Fill<float>(near, negatives, probabilities, dimension);
        }

        return probabilities.to(distances.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="SemblanceException">The embeddings are not of unit length.</exception>
    public TripletSelection Mine(DistanceMatrix distances, IdentityRelations relations)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(relations);
        if (!distances.Normalised)
        {
            throw new SemblanceException($"The miner '{Name}' was given distances of embeddings that are not of unit length; normalise them first.");
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor probabilities = Probabilities(TrueDistances(distances), relations.Different, (int)distances.Anchors.shape[1]).cpu();
        PairIndices pairs = PairSet.Of(relations.Same.logical_and(probabilities.any(1).to(relations.Same.device).unsqueeze(1))).List();
        Tensor chance = rand(pairs.Count, ScalarType.Float64);
        long[] negatives = probabilities.dtype == ScalarType.Float64 ? Drawn<double>(probabilities, pairs.Anchors, chance) : Drawn<float>(probabilities, pairs.Anchors, chance);
        return new TripletSelection(new TripletIndices(pairs.Anchors, pairs.Others, tensor(negatives, device: pairs.Anchors.device))).MoveToOuterScope();
    }

    private void Fill<T>(Tensor distances, Tensor different, Tensor probabilities, int dimension)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Grid<T> rows = Grid<T>.Of(distances);
        Grid<byte> mask = Grid<byte>.Of(different);
        Grid<T> result = Grid<T>.Of(probabilities);
        DistanceWeights<T> weights = new(dimension, _cutoff, _nonzeroLossCutoff);
        RowLoop.Run(rows.Rows, rows.Columns, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                // Weights span hundreds of e-folds in 512 dimensions: each row is taken against its own largest.
                T sum = weights.Of(rows[i], mask[i], result[i]);
                if (sum > T.Zero)
                {
                    ExponentialRow.Scale(result[i], T.One / sum, result[i]);
                }
                else if (_uniformWithout && mask[i].Contains((byte)1))
                {
                    T alike = T.One / T.CreateTruncating(mask[i].Count((byte)1));
                    for (int j = 0; j < result[i].Length; j++)
                    {
                        result[i][j] = mask[i][j] != 0 ? alike : T.Zero;
                    }
                }
            }
        });
    }

    /// <summary>One column for each anchor named, by its row's probabilities: the first whose running sum exceeds the chance's share of the whole.</summary>
    private static long[] Drawn<T>(Tensor probabilities, Tensor anchors, Tensor chance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (anchors.shape[0] == 0)
        {
            return [];
        }

        Grid<T> rows = Grid<T>.Of(probabilities);
        using Tensor near = MaskedRows.OnCpu(anchors);
        long[] owners = near.data<long>().ToArray();
        double[] chances = chance.data<double>().ToArray();
        long[] drawn = new long[owners.Length];
        RowLoop.Run(owners.Length, rows.Columns, (from, to) =>
        {
            double[] running = new double[rows.Columns];
            for (int k = from; k < to; k++)
            {
                if (k == from || owners[k] != owners[k - 1])
                {
                    double sum = 0;
                    ReadOnlySpan<T> row = rows[(int)owners[k]];
                    for (int j = 0; j < row.Length; j++)
                    {
                        running[j] = sum += double.CreateTruncating(row[j]);
                    }
                }

                // Below the whole, so that rounding never reaches beyond the last column that can be drawn.
                double share = Math.Min(chances[k] * running[^1], Math.BitDecrement(running[^1]));
                int at = Array.BinarySearch(running, share);
                at = at < 0 ? ~at : at;
                while (running[at] <= share)
                {
                    at++;
                }

                drawn[k] = at;
            }
        });
        return drawn;
    }

    // ‖a − b‖ of unit vectors, from whatever the loss takes.
    private static Tensor TrueDistances(DistanceMatrix distances)
    {
        Tensor values = distances.Numbers;
        return distances.Kind switch
        {
            Distance.Euclidean => values,
            Distance.SquaredEuclidean => values.clamp_min(0).sqrt_(),
            Distance.Cosine => (values * 2).clamp_min_(0).sqrt_(),
            _ => ((values + 1) * 2).clamp_min_(0).sqrt_(),
        };
    }
}
