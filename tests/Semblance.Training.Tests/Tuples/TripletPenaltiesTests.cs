using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class TripletPenaltiesTests
{
    public static TheoryData<bool, TupleReduction, int> Cases
    {
        get
        {
            TheoryData<bool, TupleReduction, int> rows = [];
            foreach (bool soft in new[] { false, true })
            {
                foreach (TupleReduction reduction in Enum.GetValues<TupleReduction>())
                {
                    foreach (int batch in new[] { 3, 16, 37 })
                    {
                        rows.Add(soft, reduction, batch);
                    }
                }
            }

            return rows;
        }
    }

    /// <summary>All triplets as masks, all triplets as a list, and the formula followed by autograd.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void CrossingListAndCompositionAgree(bool soft, TupleReduction reduction, int batch)
    {
        foreach ((ScalarType dtype, double tolerance) in new[] { (ScalarType.Float64, 1e-11), (ScalarType.Float32, 2e-5) })
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(11, batch, 6, 3, dtype);
            IdentityRelations relations = IdentityRelations.Of(labels);
            TripletLoss loss = new(0.4, soft);
            (double value, double[] gradient) = Composed();
            double size = gradient.Max(Math.Abs) + 1e-12;
            foreach (bool listed in new[] { false, true })
            {
                DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, false);
                TripletSelection crossing = new AllPairsMiner().Mine(distances, relations).Triplets;
                TripletSelection chosen = listed ? new TripletSelection(crossing.List()) : crossing;
                Tensor reduced = reduction.Reduce(loss.Terms(new TupleBatch(distances, relations, labels, null), chosen).Single());
                (double actual, double[] slopes) = Back(reduced);
                Assert.InRange(actual, value - (tolerance * (1 + value)), value + (tolerance * (1 + value)));
                Assert.All(slopes.Zip(gradient), pair => Assert.InRange(pair.First, pair.Second - (size * tolerance), pair.Second + (size * tolerance)));
            }

            (double, double[]) Composed()
            {
                DistanceMatrix distances = DistanceMatrix.Between(embeddings, Distance.Euclidean, false);
                TripletIndices list = new AllPairsMiner().Mine(distances, relations).Triplets.List();
                Tensor excess = distances.At(new PairIndices(list.Anchors, list.Positives)) - distances.At(new PairIndices(list.Anchors, list.Negatives)) + 0.4;
                return Back(reduction.Reduce(TupleTerms.Listed(soft ? nn.functional.softplus(excess, 1, 50) : excess.relu(), () => list.Anchors)));
            }

            (double, double[]) Back(Tensor reduced)
            {
                reduced.backward();
                double[] back = Gradients.Of(embeddings.grad!);
                embeddings.grad!.zero_();
                return (reduced.to_type(ScalarType.Float64).item<double>(), back);
            }
        }
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e3)]
    [InlineData(1e6)]
    public void TheSoftMarginIsExactFromVanishingToHugeExcess(double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor drawn, Tensor labels) = Gradients.Batch(2, 24, 5, 4);
        Tensor embeddings = (drawn.detach() * scale).requires_grad_();
        long[] y = labels.data<long>().ToArray();
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), 24, 5, Distance.Euclidean, false);
        double[] penalties = [.. Naive.Triplets(y).Select(t => d[t.A][t.P] - d[t.A][t.N]).Select(h => Math.Max(h, 0) + double.LogP1(Math.Exp(-Math.Abs(h))))];
        using Objective objective = Written.Objective("trihard", "miner=all reduction=sum", 5);
        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        value.Loss.backward();
        double expected = penalties.Sum();
        Assert.InRange(value.Loss.item<double>(), expected * (1 - 1e-10), expected * (1 + 1e-10));
        Gradients.AssertFinite(embeddings.grad);
    }
}
