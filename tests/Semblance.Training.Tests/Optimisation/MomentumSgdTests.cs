using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Optimisation;

public sealed class MomentumSgdTests
{
    [Theory]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    [InlineData(0.0, false)]
    public void Steps_follow_the_published_recursion(double momentum, bool nesterov)
    {
        const double Rate = 0.1;
        const double Decay = 0.01;
        double[] expected = [1, -2, 3];
        double[] velocity = new double[3];
        using Tensor weight = tensor(expected, requires_grad: true);
        using var optimizer = new MomentumSgd([new ParameterGroup("all", [new("w", weight)], 1, Decay)], momentum, nesterov);
        for (int step = 0; step < 5; step++)
        {
            // The loss Σ w⁴/4 has the gradient w³.
            weight.pow(4).sum().div(4).backward();
            for (int i = 0; i < 3; i++)
            {
                double gradient = Math.Pow(expected[i], 3) + (Decay * expected[i]);
                velocity[i] = (momentum * velocity[i]) + gradient;
                expected[i] -= Rate * (nesterov ? gradient + (momentum * velocity[i]) : velocity[i]);
            }

            optimizer.Step(Rate);
            optimizer.ClearGradients();
        }

        Assert.Equal(expected, weight.data<double>().ToArray(), (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));
    }

    [Fact]
    public void A_restored_optimizer_goes_on_bit_for_bit()
    {
        float[] unbroken = Train(steps: 6, breakAt: -1);
        float[] broken = Train(steps: 6, breakAt: 3);
        Assert.Equal(unbroken, broken);

        static float[] Train(int steps, int breakAt)
        {
            Tensor weight = tensor(new float[] { 1, -2, 3 }, requires_grad: true);
            GradientOptimizer optimizer = Create(weight);
            for (int step = 0; step < steps; step++)
            {
                if (step == breakAt)
                {
                    using GradientOptimizer old = optimizer;
                    optimizer = Create(weight);
                    optimizer.Restore(old.Steps, old.State);
                }

                weight.cos().sum().backward();
                optimizer.Step(0.1);
                optimizer.ClearGradients();
            }

            return weight.data<float>().ToArray();
        }

        static GradientOptimizer Create(Tensor weight) => new MomentumSgd([new ParameterGroup("all", [new("w", weight)], 1, 0.01)]);
    }

    [Fact]
    public void State_of_another_shape_is_refused()
    {
        using Tensor weight = zeros(3, requires_grad: true);
        using Tensor other = zeros(4);
        using var optimizer = new MomentumSgd([new ParameterGroup("all", [new("w", weight)], 1, 0)]);
        var error = Assert.Throws<SemblanceException>(() => optimizer.Restore(1, new Dictionary<string, Tensor> { ["momentum/w"] = other }));
        Assert.Contains("momentum/w", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_multiplies_the_rate()
    {
        using Tensor slow = zeros(1, requires_grad: true);
        using Tensor fast = zeros(1, requires_grad: true);
        using var optimizer = new MomentumSgd([new("slow", [new("a", slow)], 0.1, 0), new("fast", [new("b", fast)], 1, 0)]);
        slow.add(fast).sum().backward();
        optimizer.Step(0.5);
        Assert.Equal(-0.05f, slow.item<float>(), 1e-7f);
        Assert.Equal(-0.5f, fast.item<float>(), 1e-7f);
    }
}
