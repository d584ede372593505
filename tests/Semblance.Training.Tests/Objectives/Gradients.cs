using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

/// <summary>Random batches, and gradients by central differences.</summary>
internal static class Gradients
{
    public static (Tensor Embeddings, Tensor Labels) Batch(long seed, int batch, int dim, int classes, ScalarType dtype = ScalarType.Float64)
    {
        using Generator generator = new((ulong)seed);
        return (randn([batch, dim], ScalarType.Float64, generator: generator).to_type(dtype).requires_grad_(),
            randint(0, classes, [batch], ScalarType.Int64, generator: generator));
    }

    public static double[] Of(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).reshape(-1).data<double>().ToArray();

    /// <summary>Back-propagates and compares embeddings' and all parameters' gradients with central differences.</summary>
    public static void AssertMatchDifferences(Objective objective, Tensor embeddings, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        objective.to(ScalarType.Float64);
        objective.zero_grad();
        objective.Evaluate(embeddings, labels).Loss.backward();
        AssertMatchDifferences("embeddings", embeddings, objective, embeddings, labels);
        foreach ((string name, Parameter parameter) in objective.named_parameters())
        {
            AssertMatchDifferences(name, parameter, objective, embeddings, labels);
        }
    }

    private static void AssertMatchDifferences(string name, Tensor input, Objective objective, Tensor embeddings, Tensor labels)
    {
        const double Step = 1e-6;
        Tensor gradient = input.grad!;
        Assert.NotNull(gradient);
        double[] analytic = Of(gradient);
        double tolerance = 1e-6 * Math.Max(0.1, analytic.Max(Math.Abs));
        using IDisposable noGradient = no_grad();
        Tensor flat = input.detach().view(-1);
        for (int i = 0; i < analytic.Length; i++)
        {
            double at = flat[i].item<double>();
            flat[i] = at + Step;
            double above = objective.Evaluate(embeddings, labels).Loss.item<double>();
            flat[i] = at - Step;
            double below = objective.Evaluate(embeddings, labels).Loss.item<double>();
            flat[i] = at;
            double numeric = (above - below) / (2 * Step);
            Assert.True(Math.Abs(numeric - analytic[i]) <= tolerance, $"{name}[{i}]: {analytic[i]:R}, by differences {numeric:R}");
        }
    }

    public static void AssertFinite(Tensor? tensor)
    {
        Assert.NotNull(tensor);
        Assert.True(tensor.isfinite().all().item<bool>());
    }
}
