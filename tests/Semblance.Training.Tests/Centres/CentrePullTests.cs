using CsCheck;
using Semblance.Training.Centres;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Centres;

public sealed class CentrePullTests
{
    [Theory]
    [InlineData(BatchReduction.Mean)]
    [InlineData(BatchReduction.Sum)]
    public void IsHalfTheSquaredDistanceToTheOwnCentre(BatchReduction reduction) => Gen.Long[1, 10_000].Sample(
        seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 9, 4, 5);
            using CentrePull pull = Create(5, 4, CentreUpdate.Paper, 0.5, reduction);
            (double[] x, double[] c, long[] y) = (Gradients.Of(embeddings), Gradients.Of(pull.Centres), labels.data<long>().ToArray());
            double total = 0;
            for (int i = 0; i < 9; i++)
            {
                for (int d = 0; d < 4; d++)
                {
                    double difference = x[(i * 4) + d] - c[(y[i] * 4) + d];
                    total += difference * difference / 2;
                }
            }

            Assert.Equal(reduction == BatchReduction.Mean ? total / 9 : total, pull.Evaluate(embeddings, labels).Loss.item<double>(), 9);
        },
        iter: 20);

    [Fact]
    public void MovesTheCentresOfTheBatchByThePapersRuleAndNoOthers() => Gen.Select(Gen.Long[1, 10_000], Gen.Double[0, 1]).Sample(
        (seed, rate) =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 6, 3, 5);
            using CentrePull pull = Create(5, 3, CentreUpdate.Paper, rate);
            (double[] x, double[] c, long[] y) = (Gradients.Of(embeddings), Gradients.Of(pull.Centres), labels.data<long>().ToArray());
            double[] expected = [.. c];
            for (int j = 0; j < 5; j++)
            {
                int count = y.Count(label => label == j);
                for (int d = 0; d < 3; d++)
                {
                    double sum = Enumerable.Range(0, 6).Where(i => y[i] == j).Sum(i => c[(j * 3) + d] - x[(i * 3) + d]);
                    expected[(j * 3) + d] -= rate * sum / (1 + count);
                }
            }

            pull.Evaluate(embeddings, labels).Loss.backward();
            double[] moved = Gradients.Of(pull.Centres);
            Assert.All(expected.Zip(moved), pair => Assert.Equal(pair.First, pair.Second, 12));
            Assert.All(
                Enumerable.Range(0, 5).Except(y.Select(label => (int)label)),
                j => Assert.Equal(c[(j * 3)..((j + 1) * 3)], moved[(j * 3)..((j + 1) * 3)]));
        },
        iter: 20);

    [Fact]
    public void LeavesTheCentresAloneOutsideTraining()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 6, 3, 5);
        using CentrePull pull = Create(5, 3, CentreUpdate.Paper, 0.5);
        double[] before = Gradients.Of(pull.Centres);
        pull.eval();
        pull.Evaluate(embeddings, labels);
        Assert.Equal(before, Gradients.Of(pull.Centres));
    }

    [Fact]
    public void BringsTheCentresToTheMeansOfTheirClassesInTime()
    {
        using DisposeScope scope = NewDisposeScope();
        using CentrePull pull = Create(2, 3, CentreUpdate.Paper, 0.5);
        Tensor embeddings = tensor(new double[] { 1, 2, 3, 3, 2, 1, 9, 9, 9 }, [3, 3]);
        for (int step = 0; step < 100; step++)
        {
            pull.Evaluate(embeddings, tensor(new long[] { 0, 0, 1 }));
        }

        Assert.All(Gradients.Of(pull.Centres).Zip([2.0, 2, 2, 9, 9, 9]), pair => Assert.Equal(pair.Second, pair.First, 6));
    }

    [Fact]
    public void GivesEmbeddingsTheirDifferenceToTheCentreAndFixedCentresNoGradient()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(4, 5, 3, 4);
        using CentrePull pull = Create(4, 3, CentreUpdate.Paper, 0.5, BatchReduction.Sum);
        double[] expected = Gradients.Of(embeddings - pull.Centres.index_select(0, labels));
        pull.Evaluate(embeddings, labels).Loss.backward();
        Assert.All(expected.Zip(Gradients.Of(embeddings.grad!)), pair => Assert.Equal(pair.First, pair.Second, 12));
        Assert.Empty(pull.parameters());
        Assert.Contains("centres", pull.state_dict().Keys);
    }

    [Theory]
    [InlineData(BatchReduction.Mean)]
    [InlineData(BatchReduction.Sum)]
    public void GradientsEqualCentralDifferencesWhereCentresAreParameters(BatchReduction reduction)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 3, 4);
            using CentrePull pull = Create(4, 3, CentreUpdate.Gradient, 0.5, reduction);
            Gradients.AssertMatchDifferences(pull, embeddings, labels);
        }
    }

    [Fact]
    public void DependsNeitherOnTheOrderOfTheBatchNorOnTheAxes() => Gen.Long[1, 1000].Sample(
        seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 7, 4, 3);
            using CentrePull pull = Create(3, 4, CentreUpdate.Paper, 0.5);
            pull.eval();
            using IDisposable noGradient = no_grad();
            double plain = pull.Evaluate(embeddings, labels).Loss.item<double>();
            using Generator generator = new((ulong)seed);
            Tensor order = randperm(7, ScalarType.Int64, generator: generator);
            Assert.Equal(plain, pull.Evaluate(embeddings.index_select(0, order), labels.index_select(0, order)).Loss.item<double>(), 9);
            Tensor turn = linalg.qr(randn([4, 4], ScalarType.Float64, generator: generator)).Q;
            pull.Centres.copy_(pull.Centres.matmul(turn));
            Assert.Equal(plain, pull.Evaluate(embeddings.matmul(turn), labels).Loss.item<double>(), 9);
        },
        iter: 10);

    [Fact]
    public void HasNoLossAndAZeroGradientOnTheCentreAndForAnEmptyBatch()
    {
        using DisposeScope scope = NewDisposeScope();
        using CentrePull pull = new(3, 4, 1);
        Tensor on = pull.Centres.index_select(0, tensor(new long[] { 1, 1 })).detach().requires_grad_();
        ObjectiveValue value = pull.Evaluate(on, tensor(new long[] { 1, 1 }));
        value.Loss.backward();
        Assert.Equal(0, value.Loss.item<float>());
        Assert.Equal(0, on.grad!.abs().max().item<float>());
        Tensor none = zeros([0, 4]).requires_grad_();
        Tensor empty = pull.Evaluate(none, zeros(0, ScalarType.Int64)).Loss;
        empty.backward();
        Assert.Equal(0, empty.item<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void ComputesHalfEmbeddingsInFloat32(ScalarType half)
    {
        using DisposeScope scope = NewDisposeScope();
        using CentrePull pull = new(3, 4, 1);
        Tensor narrow = (ones([2, 4]) * 9).to_type(half).requires_grad_();
        Tensor loss = pull.Evaluate(narrow, tensor(new long[] { 0, 2 })).Loss;
        loss.backward();
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Gradients.AssertFinite(narrow.grad);
    }

    [Fact]
    public void NamesALabelOutOfRange()
    {
        using CentrePull pull = new(3, 4, 1);
        Assert.Contains("A label is 3", Assert.Throws<SemblanceException>(() => pull.Evaluate(ones([1, 4]), tensor(new long[] { 3 }))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("center")]
    [InlineData("center-penalty")]
    public void RefusesARateWhereTheOptimiserMovesTheCentres(string name)
    {
        Dictionary<string, object?> parameters = new() { ["update"] = "gradient", ["rate"] = 0.3 };
        Assert.Contains(
            "no effect with update 'gradient'",
            Assert.Throws<UsageException>(() => ObjectiveRegistry.Create(name, parameters, new ObjectiveContext(5, 4, 1))).Message,
            StringComparison.Ordinal);
    }

    private static CentrePull Create(
        int classes, int dim, CentreUpdate update, double rate, BatchReduction reduction = BatchReduction.Mean)
    {
        CentrePull pull = new(classes, dim, 3, update, rate, reduction);
        pull.to(ScalarType.Float64);
        return pull;
    }
}
