using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class TripletMinerTests
{
    private const double Margin = 0.3;

    public static TheoryData<long, int, int> Batches => new() { { 1, 12, 4 }, { 2, 10, 6 }, { 3, 15, 3 }, { 4, 5, 1 }, { 5, 9, 40 }, { 6, 2, 1 }, { 7, 1, 1 } };

    [Theory]
    [MemberData(nameof(Batches))]
    public void KeepsTheTripletsOfEachBand(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        foreach (TripletBand band in Enum.GetValues<TripletBand>())
        {
            IEnumerable<(int A, int P, int N)> expected = Naive.Triplets(y).Where(t => (d[t.A][t.N] - d[t.A][t.P], band) switch
            {
                (double gap, TripletBand.Violating) => gap <= Margin,
                (double gap, TripletBand.Hard) => gap <= 0,
                (double gap, TripletBand.SemiHard) => gap > 0 && gap <= Margin,
                (double gap, _) => gap > Margin,
            });
            Assert.Equal(Naive.Lists(expected), TupleLists.Of(new TripletBandMiner(band, Margin).Mine(distances, relations)));
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void CrossesAllPairsIntoAllTriplets(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        (int A, int P, int N)[] expected = [.. Naive.Triplets(y)];
        TripletSelection crossed = new AllPairsMiner().Mine(distances, relations).Triplets;
        Assert.Equal(expected.Length, crossed.Count);
        Assert.Equal(Naive.Lists(expected), TupleLists.Of(crossed));
        (double? positive, double? negative) = crossed.MeanDistances(distances);
        Assert.Equal(expected.Length == 0 ? null : expected.Average(t => d[t.A][t.P]), positive, Close);
        Assert.Equal(expected.Length == 0 ? null : expected.Average(t => d[t.A][t.N]), negative, Close);
    }

    private static bool Close(double? a, double? b) => a.HasValue == b.HasValue && Math.Abs(a.GetValueOrDefault() - b.GetValueOrDefault()) < 1e-9;

    [Theory]
    [MemberData(nameof(Batches))]
    public void LetsHarderNegativesInByAndByWhereEased(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        var miner = new BatchHardMiner();
        miner.Anneal(0);
        IEnumerable<(int, int, int)> expected = Naive.Triplets(y).GroupBy(t => t.A).Select(g =>
        {
            int p = g.MaxBy(t => d[t.A][t.P]).P;
            (int A, int P, int N)[] beyond = [.. g.Where(t => d[t.A][t.N] >= d[t.A][p])];
            return (g.Key, p, beyond.Length > 0 ? beyond.MinBy(t => d[t.A][t.N]).N : g.MaxBy(t => d[t.A][t.N]).N);
        });
        Assert.Equal(Naive.Lists(expected), TupleLists.Of(miner.Mine(distances, relations)));
        double last = double.PositiveInfinity;
        foreach (double fraction in new[] { 0, 0.3, 0.7, 1 })
        {
            miner.Anneal(fraction);
            double mean = miner.Mine(distances, relations).MeanDistances(distances).Negative ?? 0;
            Assert.True(mean <= last + 1e-12, $"{fraction}: {mean} after {last}");
            last = mean;
        }

        miner.Anneal(1);
        Assert.Equal(TupleLists.Of(new BatchHardMiner().Mine(distances, relations)), TupleLists.Of(miner.Mine(distances, relations)));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void TakesTheNearestSemiHardNegativeOfEachPair(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        IEnumerable<(int, int, int)> expected = Naive.Triplets(y)
            .Where(t => d[t.A][t.N] > d[t.A][t.P] && d[t.A][t.N] < d[t.A][t.P] + Margin)
            .GroupBy(t => (t.A, t.P)).Select(g => g.MinBy(t => d[t.A][t.N]));
        Assert.Equal(Naive.Lists(expected), TupleLists.Of(new SemiHardMiner(SemiHardChoice.Nearest, Margin).Mine(distances, relations)));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void FallsBackToTheFarthestNegativeWhereAllAreNearer(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        IEnumerable<(int A, int P, int N)> expected = Naive.Triplets(y).GroupBy(t => (t.A, t.P)).Select(g =>
            g.Where(t => d[t.A][t.N] > d[t.A][t.P]).OrderBy(t => d[t.A][t.N]).Cast<(int, int, int)?>().FirstOrDefault()
            ?? g.MaxBy(t => d[t.A][t.N]));
        Assert.Equal(Naive.Lists(expected), TupleLists.Of(new SemiHardMiner(SemiHardChoice.NearestElseFarthest, Margin).Mine(distances, relations)));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void TakesTheHardestOfEachAnchorThatHasBoth(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, double[][] d, long[] y) = Draw(seed, batch, classes);
        IEnumerable<(int, int, int)> expected = Naive.Triplets(y).GroupBy(t => t.A)
            .Select(g => (g.Key, g.MaxBy(t => d[t.A][t.P]).P, g.MinBy(t => d[t.A][t.N]).N));
        Assert.Equal(Naive.Lists(expected), TupleLists.Of(new BatchHardMiner().Mine(distances, relations)));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void TakesEveryPairOnce(long seed, int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (DistanceMatrix distances, IdentityRelations relations, _, long[] y) = Draw(seed, batch, classes);
        PairSelection pairs = new AllPairsMiner(once: true).Mine(distances, relations);
        foreach ((PairSet actual, bool same) in new[] { (pairs.Positives, true), (pairs.Negatives, false) })
        {
            List<long[]> expected = [];
            for (int i = 0; i < batch; i++)
            {
                for (int j = i + 1; j < batch; j++)
                {
                    if (y[i] == y[j] == same)
                    {
                        expected.Add([i, j]);
                    }
                }
            }

            Assert.Equal(expected, TupleLists.Of(actual));
        }
    }

    [Fact]
    public void ChoosesNothingFromAnEmptyBatch()
    {
        using DisposeScope scope = NewDisposeScope();
        DistanceMatrix distances = DistanceMatrix.Between(zeros([0, 4]), Distance.Euclidean, true);
        IdentityRelations relations = IdentityRelations.Of(zeros(0, ScalarType.Int64));
        ITupleMiner<TupleSelection>[] miners =
        [
            new AllPairsMiner(), new BatchHardMiner(), new TripletBandMiner(TripletBand.SemiHard, 0.2),
            new SemiHardMiner(SemiHardChoice.Nearest, 0.2), new SemiHardMiner(SemiHardChoice.NearestElseFarthest, 0.2),
        ];
        Assert.All(miners, m => Assert.Equal(0, m.Mine(distances, relations).Count));
    }

    [Fact]
    public void StaysOutsideTheGraph()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 8, 4, 2);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, true);
        int before = scope.DisposablesCount;
        TripletSelection mined = new BatchHardMiner().Mine(distances, IdentityRelations.Of(labels));
        Assert.False(mined.List().Anchors.requires_grad);
        // Its three tensors and the two of the relations, nothing else.
        Assert.Equal(before + 5, scope.DisposablesCount);
    }

    private static (DistanceMatrix Distances, IdentityRelations Relations, double[][] D, long[] Y) Draw(long seed, int batch, int classes)
    {
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, 4, classes);
        return (DistanceMatrix.Between(embeddings, Distance.Euclidean, true), IdentityRelations.Of(labels),
            Naive.Matrix(Gradients.Of(embeddings), batch, 4, Distance.Euclidean, true), labels.data<long>().ToArray());
    }
}
