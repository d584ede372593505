using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class NPairMinerTests
{
    [Fact]
    public void TakesTheFirstAndSecondPhotoOfEachIdentityAndTheOthersPositives()
    {
        using DisposeScope scope = NewDisposeScope();
        PairSelection mined = Mine(5, 7, 5, 9, 7, 5, 7);
        Assert.Equal([[0, 2], [1, 4]], TupleLists.Of(mined.Positives));
        Assert.Equal([[0, 4], [1, 2]], TupleLists.Of(mined.Negatives));
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(4)]
    public void TakesNothingWhereNoIdentityHasTwo(params int[] labels)
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(0, Mine([.. labels.Select(l => (long)l)]).Count);
    }

    [Fact]
    public void HasNoNegativesWithASingleIdentity()
    {
        using DisposeScope scope = NewDisposeScope();
        PairSelection mined = Mine(3, 3, 3);
        Assert.Equal((1L, 0L), (mined.Positives.Count, mined.Negatives.Count));
    }

    private static PairSelection Mine(params long[] labels) =>
        new NPairMiner().Mine(DistanceMatrix.Between(ones([labels.Length, 2]), Distance.InnerProduct, false), IdentityRelations.Of(tensor(labels)));
}
