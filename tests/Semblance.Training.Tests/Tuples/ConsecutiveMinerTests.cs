using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class ConsecutiveMinerTests
{
    [Fact]
    public void TakesRowsTwoByTwoAndLeavesAnOddOne()
    {
        using DisposeScope scope = NewDisposeScope();
        var pairs = (PairSelection)Mine(triplets: false, 4, 4, 1, 2, 7, 7, 3);
        Assert.Equal([[0, 1], [4, 5]], TupleLists.Of(pairs.Positives));
        Assert.Equal([[2, 3]], TupleLists.Of(pairs.Negatives));
    }

    [Fact]
    public void TakesRowsThreeByThree()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([[0, 1, 2], [3, 4, 5]], TupleLists.Of((TripletSelection)Mine(triplets: true, 4, 4, 1, 2, 2, 4, 9)));
    }

    [Theory]
    [InlineData(4, 1, 4)]
    [InlineData(4, 4, 4)]
    public void SaysWhichSamplerLaysOutTriplets(long anchor, long positive, long negative)
    {
        using DisposeScope scope = NewDisposeScope();
        SemblanceException e = Assert.Throws<SemblanceException>(() => Mine(triplets: true, anchor, positive, negative));
        Assert.Contains("'facenet-offline'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesNothingFromASingleRow()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(0, Mine(triplets: false, 1).Count);
        Assert.Equal(0, Mine(triplets: true, 1).Count);
    }

    private static TupleSelection Mine(bool triplets, params long[] labels)
    {
        DistanceMatrix distances = DistanceMatrix.Between(ones([labels.Length, 2]), Distance.Euclidean, true);
        return new ConsecutiveMiner(triplets).Mine(distances, IdentityRelations.Of(tensor(labels)));
    }
}
