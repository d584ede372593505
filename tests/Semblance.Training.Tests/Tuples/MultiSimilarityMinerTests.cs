using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class MultiSimilarityMinerTests
{
    [Theory]
    [InlineData(Distance.Cosine, 0)]
    [InlineData(Distance.Cosine, 0.1)]
    [InlineData(Distance.Euclidean, 0.3)]
    public void KeepsThePairsThatAreTheWrongWayRoundOrNearlySo(Distance kind, double epsilon)
    {
        foreach ((long seed, int batch, int classes) in new (long, int, int)[] { (1, 12, 4), (2, 10, 6), (3, 35, 3), (4, 5, 1), (5, 9, 40), (7, 1, 1), (8, 0, 1) })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, 4, classes);
            long[] y = labels.data<long>().ToArray();
            double[][] d = Naive.Matrix(Gradients.Of(embeddings), batch, 4, kind, true);
            List<long[]> positives = [];
            List<long[]> negatives = [];
            foreach (IGrouping<int, (int A, int P, int N)> anchor in Naive.Triplets(y).GroupBy(t => t.A))
            {
                double farthest = anchor.Max(t => d[t.A][t.P]);
                double nearest = anchor.Min(t => d[t.A][t.N]);
                positives.AddRange(anchor.Select(t => t.P).Distinct().Where(p => d[anchor.Key][p] > nearest - epsilon).Select(p => new long[] { anchor.Key, p }));
                negatives.AddRange(anchor.Select(t => t.N).Distinct().Where(n => d[anchor.Key][n] < farthest + epsilon).Select(n => new long[] { anchor.Key, n }));
            }

            PairSelection mined = new MultiSimilarityMiner(epsilon).Mine(DistanceMatrix.Between(embeddings, kind, true), IdentityRelations.Of(labels));
            Assert.Equal(TupleLists.Sorted(positives), TupleLists.Of(mined.Positives));
            Assert.Equal(TupleLists.Sorted(negatives), TupleLists.Of(mined.Negatives));
        }
    }
}
