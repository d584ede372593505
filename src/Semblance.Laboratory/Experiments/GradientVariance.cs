using Semblance.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// How much the direction (a − n)/‖a − n‖, along which a negative is pushed from its anchor, is a matter of noise: the total variance of that unit vector
/// when noise is added to both embeddings (Wu et al. 2017, §4 and figure 3a). 0: the direction is sure; 1: it is nothing but noise.
/// </summary>
public static class GradientVariance
{
    private const int Draws = 64;
    private const int PairsPerDistance = 48;

    // Fewer pairs than this in a bin of distances say little.
    private const int FewestPairs = 8;

    /// <summary>Measures random pairs at given distances under Gaussian noise.</summary>
    /// <param name="dimension">Dimension of the sphere.</param>
    /// <param name="noise">Expected length of the noise added to each embedding, which is scaled to unit length again.</param>
    /// <param name="distances">The distances, each in (0, 2].</param>
    /// <param name="seed">Which pairs and noise.</param>
    public static DirectionVariance OnSphere(int dimension, double noise, IReadOnlyList<double> distances, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(distances);
        double deviation = noise / Math.Sqrt(dimension);
        return new DirectionVariance(noise, distances, [.. distances.Select((distance, i) =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor a = Unit(Gaussian(new CountedRandom(seed, (ulong)i, 1), PairsPerDistance, dimension));
            Tensor turn = Gaussian(new CountedRandom(seed, (ulong)i, 2), PairsPerDistance, dimension);
            turn = Unit(turn - (a * (turn * a).sum(1, keepdim: true)));
            // The chord of angle φ is 2·sin(φ/2).
            double angle = 2 * Math.Asin(distance / 2);
            Tensor n = (a * Math.Cos(angle)) + (turn * Math.Sin(angle));
            return Variance(a, n, side => Gaussian(new CountedRandom(seed, (ulong)i, (ulong)side + 3), PairsPerDistance * Draws, dimension) * deviation);
        })]);
    }

    /// <summary>Measures pairs of different people under the noise that the network has between a photo and its mirror image.</summary>
    /// <param name="embeddings">Embeddings with noise.</param>
    /// <param name="distances">The middles of bins of even width; bins with hardly a pair get NaN.</param>
    /// <param name="seed">Which pairs and noise.</param>
    public static DirectionVariance Of(IdentityEmbeddings embeddings, IReadOnlyList<double> distances, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(distances);
        if (embeddings.Noise.Count == 0)
        {
            throw new ArgumentException("The embeddings have no noise of their own.", nameof(embeddings));
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor noise = stack(embeddings.Noise.Select(row => tensor(row)));
        List<(int A, int N)>[] bins = Bins(embeddings, distances);
        double length = noise.norm(1).mean().item<float>();
        return new DirectionVariance(length, distances, [.. bins.Select((pairs, i) => Binned(embeddings, noise, pairs, new CountedRandom(seed, (ulong)i)))]);
    }

    private static double Binned(IdentityEmbeddings embeddings, Tensor noise, List<(int A, int N)> pairs, CountedRandom random)
    {
        if (pairs.Count < FewestPairs)
        {
            return double.NaN;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor a = stack(pairs.Select(pair => tensor(embeddings.Rows[pair.A])));
        Tensor n = stack(pairs.Select(pair => tensor(embeddings.Rows[pair.N])));
        return Variance(a, n, _ =>
        {
            long[] which = [.. Enumerable.Range(0, pairs.Count * Draws).Select(_ => (long)random.NextInt((int)noise.shape[0]))];
            float[] signs = [.. which.Select(_ => random.NextBool(0.5) ? 1f : -1f)];
            return noise.index_select(0, tensor(which)) * tensor(signs).unsqueeze(1);
        });
    }

    // Up to PairsPerDistance pairs of different people in each bin.
    private static List<(int A, int N)>[] Bins(IdentityEmbeddings embeddings, IReadOnlyList<double> distances)
    {
        double width = distances[1] - distances[0];
        List<(int, int)>[] bins = [.. distances.Select(_ => new List<(int, int)>())];
        for (int a = 0; a < embeddings.Rows.Count; a++)
        {
            for (int n = a + 1; n < embeddings.Rows.Count; n++)
            {
                double distance = Math.Sqrt(Math.Max(0, 2 - (2 * Similarity.Cosine(embeddings.Rows[a], embeddings.Rows[n]))));
                int bin = (int)Math.Round((distance - distances[0]) / width);
                if (embeddings.Labels[a] != embeddings.Labels[n] && bin >= 0 && bin < bins.Length && bins[bin].Count < PairsPerDistance)
                {
                    bins[bin].Add((a, n));
                }
            }
        }

        return bins;
    }

    // Mean over the pairs of 1 − ‖E u‖², u the noisy direction; the mean of finitely many draws is too long by (1 − ‖E u‖²)/draws.
    private static double Variance(Tensor a, Tensor n, Func<int, Tensor> noise)
    {
        long pairs = a.shape[0];
        Tensor noisyA = Unit(a.repeat_interleave(Draws, 0) + noise(0));
        Tensor noisyN = Unit(n.repeat_interleave(Draws, 0) + noise(1));
        Tensor direction = Unit(noisyA - noisyN).reshape(pairs, Draws, -1).mean([1]);
        Tensor biased = 1 - direction.square().sum(1);
        return biased.mean().item<float>() * Draws / (Draws - 1.0);
    }

    private static Tensor Unit(Tensor rows) => rows / rows.norm(1, keepdim: true).clamp_min(1e-12);

    private static Tensor Gaussian(CountedRandom random, int rows, int dimension) =>
        tensor(IdentityEmbeddings.Gaussian(random, rows * dimension, 1)).reshape(rows, dimension);
}

/// <summary>The variance of the gradient's direction over the distance of a pair.</summary>
/// <param name="Noise">Mean length of the noise on each embedding.</param>
/// <param name="Distances">The distances.</param>
/// <param name="Variances">The total variance at each, from 0 to 1; NaN where there are too few pairs.</param>
public sealed record DirectionVariance(double Noise, IReadOnlyList<double> Distances, IReadOnlyList<double> Variances);
