using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

[Collection(nameof(GlobalGenerator))]
public sealed class RandomMinerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void DrawsForEveryPositivePairFromTheNegativesOfItsAnchor(int negatives)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 14, 4, 4);
        long[] y = labels.data<long>().ToArray();
        long[][] drawn = TupleLists.Of(Mine(embeddings, labels, negatives));
        Assert.All(drawn, t => Assert.Contains(((int)t[0], (int)t[1], (int)t[2]), Naive.Triplets(y)));
        IEnumerable<(long, long)> pairs = Naive.Triplets(y).Select(t => ((long)t.A, (long)t.P)).Distinct();
        Assert.Equal(pairs.Order(), drawn.GroupBy(t => (t[0], t[1])).Where(g => g.Count() == negatives).Select(g => g.Key).Order());
    }

    [Fact]
    public void GivesEveryNegativeTheSameChance()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        Tensor labels = tensor(new long[] { 0, 0, 1, 1, 2, 3, 4 });
        Tensor embeddings = Gradients.Batch(1, 7, 4, 2).Embeddings;
        const int Draws = 1000;
        const int Rounds = 20;
        double[] counts = new double[7];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (long[] triplet in TupleLists.Of(Mine(embeddings, labels, Draws)).Where(t => t[0] == 0))
            {
                counts[triplet[2]]++;
            }
        }

        // 20,000 draws over 5 negatives: 4,000 ± 57 each, so that six deviations are never seen.
        Assert.Equal([0, 0], counts[..2]);
        Assert.All(counts[2..], count => Assert.InRange(count, 4000 - 340, 4000 + 340));
    }

    [Fact]
    public void GoesOnFromTheGeneratorsState()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 14, 4, 4);
        manual_seed(8);
        Mine(embeddings, labels, 1);
        using Tensor state = get_rng_state();
        long[][] next = TupleLists.Of(Mine(embeddings, labels, 1));
        long[][] afterwards = TupleLists.Of(Mine(embeddings, labels, 1));
        set_rng_state(state);
        Assert.Equal(next, TupleLists.Of(Mine(embeddings, labels, 1)));
        Assert.NotEqual(next, afterwards);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    [InlineData(6, 100)]
    public void ChoosesNothingWithoutPositivesOrNegatives(int batch, int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = classes == 1 ? zeros(batch, ScalarType.Int64) : arange(batch, ScalarType.Int64);
        Assert.Equal(0, Mine(ones(batch, 4), labels, 2).Count);
    }

    private static TripletSelection Mine(Tensor embeddings, Tensor labels, int negatives) =>
        new RandomMiner(negatives).Mine(DistanceMatrix.Between(embeddings, Distance.Euclidean, true), IdentityRelations.Of(labels));
}
