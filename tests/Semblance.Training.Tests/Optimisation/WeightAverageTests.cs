using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Optimisation;

public sealed class WeightAverageTests
{
    [Fact]
    public void The_average_follows_the_weights_with_a_ramped_decay()
    {
        using var linear = nn.Linear(1, 1, hasBias: false);
        Set(0);
        using var average = new WeightAverage(linear, 0.5);
        double expected = 0;
        for (int step = 1; step <= 20; step++)
        {
            Set(step);
            average.Update(step);
            double keep = Math.Min(0.5, (1.0 + step) / (10.0 + step));
            expected = (keep * expected) + ((1 - keep) * step);
        }

        Assert.Equal(expected, average.Tensors["weight"].item<float>(), 1e-4);

        void Set(float value)
        {
            using IDisposable guard = no_grad();
            linear.weight.fill_(value);
        }
    }

    [Fact]
    public void Counters_are_copied_not_averaged()
    {
        using var norm = nn.BatchNorm1d(2);
        using var average = new WeightAverage(norm, 0.9);
        norm.forward(rand(4, 2));
        average.Update(1);
        Assert.Equal(1, average.Tensors["num_batches_tracked"].item<long>());
    }
}
