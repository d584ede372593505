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
                (_, TripletBand.Any) => true,
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
        PairSelection pairs = new AllPairsMiner().Mine(distances, relations);
        foreach ((PairIndices actual, bool same) in new[] { (pairs.PositivePairs, true), (pairs.NegativePairs, false) })
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
        Assert.False(mined.Anchors.requires_grad);
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
