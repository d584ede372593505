using Semblance.Training.Centres;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Centres;

public sealed class RingLossTests
{
    [Fact]
    public void IsHalfTheMeanSquaredDistanceOfTheNormsFromTheRadius()
    {
        using DisposeScope scope = NewDisposeScope();
        using RingLoss ring = new(4);
        Tensor embeddings = tensor(new float[] { 3, 4, 0, 2 }, [2, 2]);
        ObjectiveValue value = ring.Evaluate(embeddings, zeros(2, ScalarType.Int64));
        Assert.Equal((1 + 4) / 4.0, value.Loss.item<float>(), 5);
        Assert.Equal(3.5, value.Figures["norm"], 5);
        Assert.Equal(4, value.Figures["radius"], 5);
    }

    [Fact]
    public void StartsAtTheMeanNormOfTheFirstTrainingBatchOnly()
    {
        using DisposeScope scope = NewDisposeScope();
        using RingLoss ring = new();
        Tensor labels = zeros(2, ScalarType.Int64);
        ring.eval();
        ring.Evaluate(ones([2, 4]) * 9, labels);
        Assert.Equal(1, ring.Radius.item<float>());
        ring.train();
        ring.Evaluate(ones([2, 4]) * 3, labels);
        Assert.Equal(6, ring.Radius.item<float>(), 4);
        ring.Evaluate(ones([2, 4]), labels);
        Assert.Equal(6, ring.Radius.item<float>(), 4);
        using RingLoss resumed = new();
        resumed.load_state_dict(ring.state_dict());
        resumed.Evaluate(ones([2, 4]), labels);
        Assert.Equal(6, resumed.Radius.item<float>(), 4);
    }

    [Fact]
    public void GradientsEqualCentralDifferences()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 6, 3, 4);
        using RingLoss ring = new(1.5);
        Gradients.AssertMatchDifferences(ring, embeddings, labels);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void IsFiniteForZeroEmbeddingsAndAnEmptyBatch(ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        using RingLoss ring = new(2);
        Tensor zero = zeros([2, 3], dtype).requires_grad_();
        Tensor loss = ring.Evaluate(zero, zeros(2, ScalarType.Int64)).Loss;
        loss.backward();
        Assert.Equal(2, loss.item<float>());
        Gradients.AssertFinite(zero.grad);
        Tensor none = zeros([0, 3]).requires_grad_();
        Tensor empty = ring.Evaluate(none, zeros(0, ScalarType.Int64)).Loss;
        empty.backward();
        Assert.Equal(0, empty.item<float>());
    }

    [Fact]
    public void RefusesARadiusOfZero() => Assert.Throws<UsageException>(() =>
        ObjectiveRegistry.Create("ring-penalty", new Dictionary<string, object?> { ["radius"] = 0 }, new ObjectiveContext(1, 4, 1)));
}
