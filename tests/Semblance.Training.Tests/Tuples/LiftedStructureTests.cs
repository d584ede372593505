using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class LiftedStructureTests
{
    private const int Dim = 5;

    public static TheoryData<long, int, int> Batches => new() { { 1, 12, 4 }, { 2, 10, 6 }, { 3, 15, 3 }, { 4, 9, 40 }, { 5, 6, 1 }, { 6, 1, 1 } };

    [Theory]
    [MemberData(nameof(Batches))]
    public void IsThePapersSumOverPairs(long seed, int batch, int classes)
    {
        foreach ((bool normalise, double margin, Distance distance) in new[]
        {
            (false, 1, Distance.Euclidean), (true, 0.5, Distance.Euclidean), (false, 3, Distance.SquaredEuclidean), (true, 0, Distance.Cosine),
        })
        {
            (double[][] d, long[] y, Tensor embeddings, Tensor labels) = Draw(seed, batch, classes, distance, normalise);
            using DisposeScope scope = NewDisposeScope();
            string common = $"margin={margin} distance={Name(distance)}" + (distance == Distance.Cosine ? "" : $" normalise={normalise}");
            AssertClose(Paper(d, y, margin, hard: false), Loss("lifted", common, embeddings, labels));
            AssertClose(Paper(d, y, margin, hard: true), Loss("lifted", common + " form=hard", embeddings, labels));
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void SmoothBoundsHardFromAbove(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, Dim, classes);
        Assert.True(Loss("lifted", "", embeddings, labels) >= Loss("lifted", "form=hard", embeddings, labels));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void GeneralisedIsThePapersSumOverAnchors(long seed, int batch, int classes)
    {
        (double[][] d, long[] y, Tensor embeddings, Tensor labels) = Draw(seed, batch, classes, Distance.Euclidean, normalise: false);
        using DisposeScope scope = NewDisposeScope();
        List<double> both = [];
        List<double> any = [];
        for (int a = 0; a < batch; a++)
        {
            double[] p = [.. Enumerable.Range(0, batch).Where(j => j != a && y[j] == y[a]).Select(j => Math.Exp(d[a][j]))];
            double[] n = [.. Enumerable.Range(0, batch).Where(j => y[j] != y[a]).Select(j => Math.Exp(1 - d[a][j]))];
            double h = (p.Length > 0 ? Math.Log(p.Sum()) : 0) + (n.Length > 0 ? Math.Log(n.Sum()) : 0);
            if (p.Length > 0 && n.Length > 0)
            {
                both.Add(h);
            }

            any.Add(h);
        }

        AssertClose(both.Sum(h => Math.Max(0, h)) / Math.Max(1, both.Count), Loss("generalized-lifted", "", embeddings, labels));
        AssertClose(both.Sum(h => Math.Log(1 + Math.Exp(h))), Loss("generalized-lifted", "soft_margin=true reduction=sum", embeddings, labels));
        AssertClose(any.Sum(h => Math.Max(0, h)) / batch, Loss("generalized-lifted", "one_sided=keep", embeddings, labels));
    }

    [Fact]
    public void CountsAPairOnceHoweverManyTripletsHoldIt()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 12, Dim, 3);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, normalise: false);
        IdentityRelations relations = IdentityRelations.Of(labels);
        TupleBatch batch = new(distances, relations, labels, null);
        PairSelection pairs = new AllPairsMiner().Mine(distances, relations);
        PairSelection repeated = new TripletSelection(pairs.Triplets.List()).Pairs;
        Assert.True(repeated.Count > pairs.Count);
        var loss = new LiftedStructureLoss();
        Assert.Equal(
            TupleReduction.MeanOverAll.Reduce(loss.Terms(batch, pairs)[0]).item<double>(),
            TupleReduction.MeanOverAll.Reduce(loss.Terms(batch, repeated)[0]).item<double>(), 12);
    }

    private static double Paper(double[][] d, long[] y, double margin, bool hard)
    {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < y.Length; i++)
        {
            for (int j = i + 1; j < y.Length; j++)
            {
                if (y[i] == y[j])
                {
                    pairs++;
                    double[] reach = [.. Negatives(i).Concat(Negatives(j))];
                    double both = reach.Length == 0 ? double.NegativeInfinity : hard ? reach.Max() : Math.Log(reach.Sum(Math.Exp));
                    sum += Math.Pow(Math.Max(0, both + d[i][j]), 2);
                }
            }
        }

        return sum / Math.Max(1, 2 * pairs);

        IEnumerable<double> Negatives(int a) => Enumerable.Range(0, y.Length).Where(k => y[k] != y[a]).Select(k => margin - d[a][k]);
    }

    private static (double[][] D, long[] Y, Tensor Embeddings, Tensor Labels) Draw(long seed, int batch, int classes, Distance distance, bool normalise)
    {
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, Dim, classes);
        return (Naive.Matrix(Gradients.Of(embeddings), batch, Dim, distance, normalise), labels.data<long>().ToArray(), embeddings, labels);
    }

    private static double Loss(string name, string parameters, Tensor embeddings, Tensor labels)
    {
        using Objective objective = Written.Objective(name, parameters, Dim);
        return objective.Evaluate(embeddings, labels).Loss.item<double>();
    }

    private static string Name(Distance distance) => distance == Distance.SquaredEuclidean ? "squared" : distance.ToString().ToLowerInvariant();

    private static void AssertClose(double expected, double actual) => Assert.InRange(actual - expected, -1e-10 * Math.Max(1, Math.Abs(expected)), 1e-10 * Math.Max(1, Math.Abs(expected)));
}
