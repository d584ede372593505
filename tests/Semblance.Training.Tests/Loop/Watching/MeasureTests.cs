using Semblance.Training.Loop.Watching;
using Semblance.Training.Optimisation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Loop.Watching;

/// <summary>What a step measures beside its loss.</summary>
public sealed class MeasureTests
{
    [Fact]
    public void Norm_and_variance_of_embeddings_are_those_of_their_definition()
    {
        using Tensor embeddings = tensor(new float[,] { { 3, 0 }, { 0, 5 } });
        EmbeddingStatistics measured = EmbeddingStatistics.Of(embeddings);
        Assert.Equal(4, measured.Norm, 1e-5);

        // The directions' mean is (1/2, 1/2): 1 − 1/2.
        Assert.Equal(0.5, measured.Variance, 1e-5);
        using Tensor point = tensor(new float[,] { { 3, 4 }, { 6, 8 }, { 0.3f, 0.4f } });
        Assert.Equal(0, EmbeddingStatistics.Of(point).Variance, 1e-6);
        using Tensor zero = zeros(2, 3);
        Assert.Equal((0, 1), (EmbeddingStatistics.Of(zero).Norm, EmbeddingStatistics.Of(zero).Variance));
    }

    [Fact]
    public void The_update_ratio_is_that_of_the_step_for_weights_that_learn_and_leaves_the_step_as_it_is()
    {
        using var weight = new Parameter(ones(3, 3));
        using var bias = new Parameter(ones(3));
        using var still = new Parameter(ones(4, 4));
        using var optimizer = new MomentumSgd(
            [new ParameterGroup("learning", [new("weight", weight), new("bias", bias)], 1, 0), new ParameterGroup("still", [new("still", still)], 0, 0)], momentum: 0);
        using var change = new WeightChange(optimizer);
        weight.sum().backward();
        change.Begin();
        optimizer.Step(0.25);
        Assert.Equal(0.25, change.End()!.Value, 1e-6);
        Assert.Equal(0.75f, weight[0, 0].item<float>());
        Assert.Null(change.End());
    }

    [Fact]
    public void The_norm_of_all_gradients_is_the_common_one()
    {
        using Tensor a = zeros(1, requires_grad: true);
        using Tensor b = zeros(1, requires_grad: true);
        a.mul(3).add(b.mul(4)).sum().backward();
        Assert.Equal(5, GradientNorm.Of([a, b]), 1e-6);
        Assert.Equal(3f, a.grad!.item<float>());
        Assert.Equal(0, GradientNorm.Of([]));
    }

    [Fact]
    public void Angles_fall_into_bins_of_five_degrees()
    {
        var histogram = new AngleHistogram();
        Assert.True(histogram.IsEmpty);
        histogram.Add([0, 4.99f, 5, 90, 180, float.NaN]);
        Assert.Equal((2, 1, 1, 1, 5), (histogram.Counts[0], histogram.Counts[1], histogram.Counts[18], histogram.Counts[35], histogram.Counts.Sum()));
        Assert.Equal(36, histogram.Counts.Count);
    }

    [Fact]
    public void Coverage_counts_identities_once_and_knows_what_is_planned()
    {
        var coverage = new ClassCoverage([[0, 1], [2, 3], [4, 5]], [0, 0, 1, 0, 2, 1], classCount: 5);
        Assert.Equal((5, 3), (coverage.ClassCount, coverage.Planned));
        coverage.CountTo(1);
        Assert.Equal(1, coverage.Met);
        coverage.CountTo(2);
        coverage.CountTo(2);
        Assert.Equal(2, coverage.Met);
        coverage.CountTo(3);
        Assert.Equal(3, coverage.Met);
    }
}
