using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class MultiSimilarityTests
{
    public static TheoryData<long, int, int, string> Batches => new()
    {
        { 1, 12, 4, "" }, { 2, 10, 6, "base=0.5" }, { 3, 15, 3, "positive_scale=3 negative_scale=40 base=0.5" }, { 4, 9, 40, "" }, { 5, 6, 1, "base=0" },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void IsThePapersMeanOverAnchors(long seed, int batch, int classes, string parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, batch, 4, classes);
        double[][] d = Naive.Matrix(Gradients.Of(embeddings), batch, 4, Distance.Cosine, true);
        long[] y = labels.data<long>().ToArray();
        (double alpha, double beta, double lambda) = (Given("positive_scale", 2), Given("negative_scale", 50), Given("base", 1));
        double kept = 0;
        double skipped = 0;
        for (int a = 0; a < batch; a++)
        {
            double[] p = [.. Enumerable.Range(0, batch).Where(j => j != a && y[j] == y[a]).Select(j => Math.Exp(-alpha * (1 - d[a][j] - lambda)))];
            double[] n = [.. Enumerable.Range(0, batch).Where(j => y[j] != y[a]).Select(j => Math.Exp(beta * (1 - d[a][j] - lambda)))];
            double term = (Math.Log(1 + p.Sum()) / alpha) + (Math.Log(1 + n.Sum()) / beta);
            kept += term;
            skipped += p.Length > 0 && n.Length > 0 ? term : 0;
        }

        Assert.Equal(kept / batch, Loss("miner=all"), 10);
        Assert.Equal(skipped / batch, Loss("miner=all one_sided=skip"), 10);

        double Loss(string more)
        {
            using Objective objective = Written.Objective("multi-similarity", $"{parameters} {more}");
            return objective.Evaluate(embeddings, labels).Loss.item<double>();
        }

        double Given(string name, double standard) =>
            parameters.Split(' ').FirstOrDefault(w => w.StartsWith(name, StringComparison.Ordinal)) is { } word
                ? double.Parse(word.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture)
                : standard;
    }

    [Fact]
    public void StaysFiniteAtLargeScales()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 12, 4, 4, ScalarType.Float32);
        using Objective objective = Written.Objective("multi-similarity", "positive_scale=500 negative_scale=5000 base=0");
        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        value.Loss.backward();
        Gradients.AssertFinite(value.Loss);
        Gradients.AssertFinite(embeddings.grad);
    }
}
