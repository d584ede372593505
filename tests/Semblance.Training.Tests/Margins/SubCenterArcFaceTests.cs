using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class SubCenterArcFaceTests
{
    [Fact]
    public void TakesTheNearestSubCentreOfEachClass() => Gen.Long[1, 10_000].Sample(
        seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 6, 4, 5);
            using MarginSoftmaxObjective objective = Create(5, 3, 4, seed);
            objective.to(ScalarType.Float64);
            double[] x = Gradients.Of(embeddings);
            double[] w = Gradients.Of(((SubCentres)objective.Centres).Weight);
            long[] y = labels.data<long>().ToArray();
            double total = 0;
            for (int i = 0; i < 6; i++)
            {
                double[] logits = new double[5];
                for (int c = 0; c < 5; c++)
                {
                    double best = Enumerable.Range(c * 3, 3).Max(row => Cosine(x, i, w, row, 4));
                    double theta = Math.Acos(best);
                    logits[c] = 20 * (c != y[i] ? best : theta + 0.5 <= Math.PI ? Math.Cos(theta + 0.5) : best - (0.5 * Math.Sin(0.5)));
                }

                total += Math.Log(logits.Sum(Math.Exp)) - logits[y[i]];
            }

            Assert.Equal(total / 6, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
        },
        iter: 20);

    [Fact]
    public void IsArcFaceWithOneCentreForEachClass()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 6, 4, 5, ScalarType.Float32);
        using MarginSoftmaxObjective own = Create(5, 1, 4, 3);
        DenseCentres centres = new(5, 4, 3);
        using MarginSoftmaxObjective arcface = new("arcface", new ArcFaceLogit(), centres, new LogitScale(20));
        using (no_grad())
        {
            centres.Weight.copy_(((SubCentres)own.Centres).Weight);
        }

        Assert.Equal(arcface.Evaluate(embeddings, labels).Loss.item<float>(), own.Evaluate(embeddings, labels).Loss.item<float>());
    }

    [Fact]
    public void MovesTheNearestSubCentreOnly()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create(2, 2, 2, 1);
        Tensor weight = ((SubCentres)objective.Centres).Weight;
        using (no_grad())
        {
            weight.copy_(tensor(new float[] { 1, 0.2f, -1, 0, 0, -1, -1, -1 }, [4, 2]));
        }

        objective.Evaluate(tensor(new float[] { 1, 0 }, [1, 2]), zeros(1, ScalarType.Int64)).Loss.backward();
        Assert.True(weight.grad![0].abs().max().item<float>() > 0);
        Assert.Equal(0, weight.grad![1].abs().max().item<float>());
    }

    [Fact]
    public void GradientsEqualCentralDifferences()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            using MarginSoftmaxObjective objective = Create(seed == 1 ? 1 : 4, 3, 2 + seed, seed);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void RefusesCurvesThatKeepTheCentresNorms() =>
        Assert.Throws<ArgumentException>(() => new MarginSoftmaxObjective("x", new SoftmaxLogit(), new SubCentres(3, 2, 4, 1), LogitScale.None));

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("sub-center-arcface");

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() =>
        Gen.Long[1, 1000].Sample(seed => MarginCases.AssertInvariant(() => Create(3, 2, 4, seed), seed), iter: 10);

    private static double Cosine(double[] x, int i, double[] w, int row, int dim)
    {
        double dot = 0, xx = 0, ww = 0;
        for (int d = 0; d < dim; d++)
        {
            dot += x[(i * dim) + d] * w[(row * dim) + d];
            xx += x[(i * dim) + d] * x[(i * dim) + d];
            ww += w[(row * dim) + d] * w[(row * dim) + d];
        }

        return dot / Math.Sqrt(xx * ww);
    }

    private static MarginSoftmaxObjective Create(int classes, int perClass, int dim, long seed) =>
        new("sub-center-arcface", new ArcFaceLogit(), new SubCentres(classes, perClass, dim, (ulong)seed), new LogitScale(20));
}
