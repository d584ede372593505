using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class FastApLossTests
{
    [Fact]
    public void NearsOneMinusTheExactAveragePrecisionAsBinsGrowFine()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Objectives.Gradients.Batch(4, 14, 6, 3);
        long[] y = labels.data<long>().ToArray();
        double[][] d = Naive.Matrix(Objectives.Gradients.Of(embeddings), 14, 6, Training.Tuples.Distance.SquaredEuclidean, true);
        double exact = Enumerable.Range(0, 14).Where(a => y.Count(l => l == y[a]) > 1).Average(a =>
        {
            int[] ranked = [.. Enumerable.Range(0, 14).Where(b => b != a).OrderBy(b => d[a][b])];
            return 1 - ranked.Index().Where(r => y[r.Item] == y[a]).Average(r => ranked.Take(r.Index + 1).Count(b => y[b] == y[a]) / (r.Index + 1.0));
        });
        Assert.Equal(exact, Loss(1000), 0.02);
        Assert.NotEqual(exact, Loss(2), 0.02);

        double Loss(int bins)
        {
            using Objective objective = ObjectiveRegistry.Create("fastap", new Dictionary<string, object?> { ["bins"] = bins }, new ObjectiveContext(3, 6, 1));
            return objective.Evaluate(embeddings, labels).Loss.item<double>();
        }
    }

    [Fact]
    public void IsZeroWhereEveryPositiveComesFirst()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor embeddings = tensor(new double[,] { { 1, 0 }, { 1, 0 }, { -1, 0 }, { -1, 0 } }).requires_grad_();
        using Objective objective = ObjectiveRegistry.Create("fastap", new Dictionary<string, object?>(), new ObjectiveContext(2, 2, 1));
        Tensor loss = objective.Evaluate(embeddings, tensor(new long[] { 0, 0, 1, 1 })).Loss;
        Assert.Equal(0, loss.item<double>(), 12);
    }
}
