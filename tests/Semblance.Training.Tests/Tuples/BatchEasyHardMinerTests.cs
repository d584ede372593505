using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class BatchEasyHardMinerTests
{
    public static TheoryData<Strategy, Strategy> Combinations
    {
        get
        {
            TheoryData<Strategy, Strategy> rows = [];
            foreach (Strategy positive in Enum.GetValues<Strategy>())
            {
                foreach (Strategy negative in Enum.GetValues<Strategy>().Where(n => !Excluded(positive, n)))
                {
                    rows.Add(positive, negative);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void ChoosesAsItsStrategiesSay(Strategy positive, Strategy negative)
    {
        foreach ((long seed, int batch, int classes) in new (long, int, int)[] { (1, 12, 4), (2, 10, 6), (3, 15, 3), (4, 5, 1), (5, 9, 40), (6, 33, 5), (7, 1, 1), (8, 0, 1) })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, 4, classes);
            long[] y = labels.data<long>().ToArray();
            double[][] d = Naive.Matrix(Gradients.Of(embeddings), batch, 4, Distance.Euclidean, true);
            List<(int A, int P, int N)> triplets = [];
            List<(int A, int P)> positives = [];
            List<(int A, int N)> negatives = [];
            for (int a = 0; a < batch; a++)
            {
                int[] same = [.. Enumerable.Range(0, batch).Where(j => j != a && y[j] == y[a])];
                int[] different = [.. Enumerable.Range(0, batch).Where(j => y[j] != y[a])];
                int[] p = [.. Positives(a, same, double.PositiveInfinity)];
                int[] n = [.. negative == Strategy.SemiHard && p.Length == 0 ? [] : Negatives(a, different, p.Length == 0 ? 0 : d[a][p[0]])];
                if (positive == Strategy.SemiHard)
                {
                    n = [.. Negatives(a, different, double.NegativeInfinity)];
                    p = [.. n.Length == 0 ? [] : Positives(a, same, d[a][n[0]])];
                }

                positives.AddRange(p.Select(j => (a, j)));
                negatives.AddRange(n.Select(j => (a, j)));
                triplets.AddRange(p.SelectMany(i => n.Select(j => (a, i, j))));
            }

            TupleSelection mined = new BatchEasyHardMiner(positive, negative).Mine(
                DistanceMatrix.Between(embeddings, Distance.Euclidean, true), IdentityRelations.Of(labels));
            if (positive != Strategy.All && negative != Strategy.All)
            {
                Assert.Equal(Naive.Lists(triplets), TupleLists.Of(Assert.IsType<TripletSelection>(mined)));
                continue;
            }

            PairSelection pairs = Assert.IsType<PairSelection>(mined);
            Assert.Equal(TupleLists.Sorted(positives.Select(t => new long[] { t.A, t.P })), TupleLists.Of(pairs.Positives));
            Assert.Equal(TupleLists.Sorted(negatives.Select(t => new long[] { t.A, t.N })), TupleLists.Of(pairs.Negatives));
            Assert.Equal(Naive.Lists(triplets), TupleLists.Of(mined.Triplets));

            IEnumerable<int> Positives(int a, int[] same, double nearerThan) => positive switch
            {
                Strategy.All => same,
                Strategy.Easy => same.OrderBy(j => d[a][j]).Take(1),
                Strategy.Hard => same.OrderByDescending(j => d[a][j]).Take(1),
                _ => same.Where(j => d[a][j] < nearerThan).OrderByDescending(j => d[a][j]).Take(1),
            };
            IEnumerable<int> Negatives(int a, int[] different, double fartherThan) => negative switch
            {
                Strategy.All => different,
                Strategy.Easy => different.OrderByDescending(j => d[a][j]).Take(1),
                Strategy.Hard => different.OrderBy(j => d[a][j]).Take(1),
                _ => different.Where(j => d[a][j] > fartherThan).OrderBy(j => d[a][j]).Take(1),
            };
        }
    }

    [Fact]
    public void HardWithHardIsBatchHard()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 20, 6, 5, ScalarType.Float32);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.SquaredEuclidean, false);
        IdentityRelations relations = IdentityRelations.Of(labels);
        Assert.Equal(
            TupleLists.Of(new BatchHardMiner().Mine(distances, relations)),
            TupleLists.Of(new BatchEasyHardMiner(Strategy.Hard, Strategy.Hard).Mine(distances, relations).Triplets));
    }

    [Theory]
    [InlineData("semi-hard", "semi-hard")]
    [InlineData("semi-hard", "all")]
    [InlineData("all", "semi-hard")]
    public void RefusesSemiHardWithoutAChoiceToMeasureItBy(string positive, string negative)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Written.Objective("triplet", $"miner=batch-easy-hard,positive={positive},negative={negative}"));
        Assert.Contains("semi-hard", refused.Message, StringComparison.Ordinal);
    }

    private static bool Excluded(Strategy positive, Strategy negative) =>
        (positive == Strategy.SemiHard && negative is Strategy.SemiHard or Strategy.All) || (positive == Strategy.All && negative == Strategy.SemiHard);
}
