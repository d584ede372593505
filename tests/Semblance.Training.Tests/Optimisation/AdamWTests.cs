using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Optimisation;

public sealed class AdamWTests
{
    [Fact]
    public void Steps_follow_the_published_algorithm()
    {
        const double Rate = 0.01;
        const double Decay = 0.1;
        double[] expected = [1, -2, 3];
        double[] m = new double[3];
        double[] v = new double[3];
        using Tensor weight = tensor(expected, requires_grad: true);
        using var optimizer = new AdamW([new ParameterGroup("all", [new("w", weight)], 1, Decay)]);
        for (int t = 1; t <= 5; t++)
        {
            weight.pow(4).sum().div(4).backward();
            for (int i = 0; i < 3; i++)
            {
                double gradient = Math.Pow(expected[i], 3);
                m[i] = (0.9 * m[i]) + (0.1 * gradient);
                v[i] = (0.999 * v[i]) + (0.001 * gradient * gradient);
                double mean = m[i] / (1 - Math.Pow(0.9, t));
                double square = v[i] / (1 - Math.Pow(0.999, t));
                expected[i] = (expected[i] * (1 - (Rate * Decay))) - (Rate * mean / (Math.Sqrt(square) + 1e-8));
            }

            optimizer.Step(Rate);
            optimizer.ClearGradients();
        }

        Assert.Equal(expected, weight.data<double>().ToArray(), (a, b) => Math.Abs(a - b) <= 1e-12);
    }
}
