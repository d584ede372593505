using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

[Collection(nameof(GlobalGenerator))]
public sealed class DistanceWeightedMinerTests
{
    [Theory]
    [InlineData(1, 12, 4, 8)]
    [InlineData(2, 10, 6, 2)]
    [InlineData(3, 15, 3, 3)]
    [InlineData(4, 20, 5, 128)]
    [InlineData(5, 24, 6, 512)]
    public void WeighsByTheInverseOfChance(long seed, int batch, int classes, int dim)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, dim, classes);
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), batch, dim, Distance.Euclidean, true);
        long[] y = labels.data<long>().ToArray();
        foreach (double far in new[] { 1.4, 3 })
        {
            double[] actual = new DistanceWeightedMiner(0.5, far).Probabilities(
                DistanceMatrix.Between(embeddings, Distance.Euclidean, true).Values, IdentityRelations.Of(labels).Different, dim).data<double>().ToArray();
            for (int a = 0; a < batch; a++)
            {
                double[] weights = [.. Enumerable.Range(0, batch).Select(n => y[n] == y[a] || d[a][n] >= far ? 0 : Math.Min(Inverse(0.5), Inverse(d[a][n])))];
                double sum = weights.Sum();
                for (int n = 0; n < batch; n++)
                {
                    Assert.Equal(sum == 0 ? 0 : weights[n] / sum, actual[(a * batch) + n], 9);
                }
            }
        }

        // Relative to the density at 1, so that 512 dimensions stay within double's range.
        double Inverse(double x)
        {
            double LogDensity(double v) => ((dim - 2) * Math.Log(v)) + ((dim - 3) / 2.0 * Math.Log(1 - (v * v / 4)));
            return Math.Exp(LogDensity(1) - LogDensity(x));
        }
    }

    [Fact]
    public void DrawsAsOftenAsTheProbabilitiesSay()
    {
        manual_seed(5);
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 12, 8, 3, ScalarType.Float32);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, true);
        IdentityRelations relations = IdentityRelations.Of(labels);
        var miner = new DistanceWeightedMiner();
        float[] probabilities = miner.Probabilities(distances.Values, relations.Different, 8).data<float>().ToArray();
        // An anchor all of whose negatives are too far takes no part.
        long[][] pairs = [.. TupleLists.Of(PairSet.Of(relations.Same)).Where(p => probabilities.AsSpan((int)p[0] * 12, 12).ContainsAnyExcept(0f))];
        double[,] counts = new double[12, 12];
        const int Rounds = 1500;
        for (int round = 0; round < Rounds; round++)
        {
            using DisposeScope inner = NewDisposeScope();
            TripletIndices drawn = miner.Mine(distances, relations).List();
            Assert.Equal(pairs, TupleLists.Of(PairSet.Of(new PairIndices(drawn.Anchors, drawn.Positives))));
            foreach ((long a, long n) in drawn.Anchors.data<long>().ToArray().Zip(drawn.Negatives.data<long>().ToArray()))
            {
                counts[a, n]++;
            }
        }

        for (int a = 0; a < 12; a++)
        {
            double total = Rounds * pairs.Count(p => p[0] == a);
            for (int n = 0; n < 12; n++)
            {
                double p = probabilities[(a * 12) + n];
                double tolerance = 5 * Math.Sqrt(Math.Max(p * (1 - p), 1e-9) * total);
                Assert.InRange(counts[a, n], (p * total) - tolerance, (p * total) + tolerance);
            }
        }
    }

    [Fact]
    public void DrawsAlikeFromEveryKindOfDistance()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 16, 8, 4);
        IdentityRelations relations = IdentityRelations.Of(labels);
        long[][][] mined = [.. Enum.GetValues<Distance>().Select(kind =>
        {
            manual_seed(3);
            return TupleLists.Of(new DistanceWeightedMiner().Mine(DistanceMatrix.Between(embeddings, kind, true), relations));
        })];
        Assert.NotEmpty(mined[0]);
        Assert.All(mined, m => Assert.Equal(mined[0], m));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LeavesOutOrDrawsUniformlyWhereAllAreTooFar(bool uniform)
    {
        manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        Tensor embeddings = tensor(new double[] { 1, 0, 0.9, 0.1, -1, 0, -0.9, 0.1 }).reshape(4, 2);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, true);
        IdentityRelations relations = IdentityRelations.Of(tensor(new long[] { 0, 0, 1, 1 }));
        var miner = new DistanceWeightedMiner(uniformWithoutCandidates: uniform);
        double[] expected = uniform ? [0, 0, 0.5, 0.5] : [0, 0, 0, 0];
        Assert.Equal(expected, miner.Probabilities(distances.Values, relations.Different, 2)[0].data<double>().ToArray());
        Assert.Equal(uniform ? 4 : 0, miner.Mine(distances, relations).Count);
    }

    [Fact]
    public void ChoosesNothingWhereThereIsNothingToChoose()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (long[] y in new long[][] { [], [0], [0, 0, 0], [0, 1, 2] })
        {
            DistanceMatrix distances = DistanceMatrix.Between(ones([y.Length, 4]), Distance.Euclidean, true);
            Assert.Equal(0, new DistanceWeightedMiner().Mine(distances, IdentityRelations.Of(tensor(y))).Count);
        }
    }

    [Fact]
    public void RefusesEmbeddingsOfAnyLength()
    {
        using DisposeScope scope = NewDisposeScope();
        UsageException refusal = Assert.Throws<UsageException>(() => Written.Objective("margin", "normalise=false"));
        Assert.Contains("normalise: true", refusal.Message, StringComparison.Ordinal);
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 6, 4, 2);
        Assert.Throws<SemblanceException>(() => new DistanceWeightedMiner().Mine(
            DistanceMatrix.Between(embeddings, Distance.Euclidean, false), IdentityRelations.Of(labels)));
    }

    [Fact]
    public void GoesWithAnyLoss()
    {
        manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(4, 12, 4, 3);
        foreach (string name in new[] { "triplet", "contrastive", "lifted", "multi-similarity" })
        {
            using Objective objective = Written.Objective(name, name == "lifted" ? "miner=distance-weighted normalise=true" : "miner=distance-weighted,cutoff=0.3");
            Assert.True(objective.Evaluate(embeddings, labels).Figures["tuples"] > 0);
        }
    }
}
