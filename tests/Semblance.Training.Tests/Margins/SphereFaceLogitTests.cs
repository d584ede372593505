using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class SphereFaceLogitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void KeepsTheEmbeddingsNormButNotTheCentres(int m)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(m, 7, 5, 6);
        using MarginSoftmaxObjective objective = Create(m, FallingLambda.Constant(5), 6, 5);
        objective.to(ScalarType.Float64);
        double expected = MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels,
            (theta, _) => ((5 * Math.Cos(theta)) + LSoftmaxLogitTests.Psi(m, theta)) / 6, normaliseEmbeddings: false, normaliseCentres: true, scale: 1);
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void GradientsEqualCentralDifferences(int m)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            using MarginSoftmaxObjective objective = Create(m, FallingLambda.Constant(seed % 2), seed == 1 ? 1 : 4, 2 + seed);
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void FollowsTheAuthorsLambdaFromAThousandDownToFive()
    {
        FallingLambda lambda = SphereFaceLogit.PublishedSchedule;
        Assert.Equal(1000, lambda.At(0));
        Assert.Equal(1000 / 1.12, lambda.At(1), 9);
        Assert.Equal(1000 / 13.0, lambda.At(100), 9);
        Assert.Equal(5, lambda.At(5000));
    }

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("sphereface", ("lambda_base", 0), ("lambda_minimum", 0));

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() =>
        Gen.Long[1, 1000].Sample(seed => MarginCases.AssertInvariant(() => Create(4, FallingLambda.None, 3, 4), seed), iter: 10);

    private static MarginSoftmaxObjective Create(int m, FallingLambda lambda, int classes, int dim) =>
        new("sphereface", new SphereFaceLogit(m, lambda), new DenseCentres(classes, dim, 3), LogitScale.None);
}
