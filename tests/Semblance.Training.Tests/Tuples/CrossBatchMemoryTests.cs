using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class CrossBatchMemoryTests
{
    [Fact]
    public void OverwritesTheOldest()
    {
        using DisposeScope scope = NewDisposeScope();
        using var memory = new CrossBatchMemory(5, 1);
        Assert.Equal(0, memory.Count);
        Add(0, 1, 2);
        Assert.Equal([0, 1, 2], Held());
        Add(3, 4, 5, 6);
        Assert.Equal([2, 3, 4, 5, 6], Held());
        Add(10, 11, 12, 13, 14, 15, 16);
        Assert.Equal([12, 13, 14, 15, 16], Held());

        void Add(params long[] values) => memory.Add(tensor(values).to_type(ScalarType.Float32).unsqueeze(1), tensor(values));
        long[] Held()
        {
            (Tensor embeddings, Tensor labels) = memory.Content();
            long[] held = labels.data<long>().ToArray();
            Assert.Equal(held.Select(v => (float)v), embeddings.reshape(-1).data<float>().ToArray());
            return [.. held.Order()];
        }
    }

    [Fact]
    public void ComparesWithTheMemoryFromItsStartOnWithoutAGradientIntoIt()
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create("{start: 1, size: 8, loss: {name: contrastive, reduction: sum, normalise: false}}");
        (Tensor first, Tensor firstLabels) = Gradients.Batch(1, 4, 3, 2);
        (Tensor second, Tensor secondLabels) = Gradients.Batch(2, 5, 3, 2);
        Assert.Equal(0, objective.Evaluate(first, firstLabels).Figures["memory"]);

        ObjectiveValue value = objective.Evaluate(second, secondLabels);
        value.Loss.backward();
        Assert.Equal(4, value.Figures["memory"]);
        double[][] x = [.. Rows(second), .. Rows(first)];
        long[] y = [.. secondLabels.data<long>().ToArray(), .. firstLabels.data<long>().ToArray()];
        double expected = 0;
        for (int i = 0; i < 5; i++)
        {
            for (int j = i + 1; j < 9; j++)
            {
                double d = Math.Sqrt(x[i].Zip(x[j], (a, b) => (a - b) * (a - b)).Sum());
                expected += 0.5 * Math.Pow(y[i] == y[j] ? d : Math.Max(0, 1 - d), 2);
            }
        }

        // The memory is kept in float32.
        Assert.Equal(expected, value.Loss.item<double>(), 4);
        Assert.Null(first.grad);
        Assert.NotEqual(0, second.grad!.abs().sum().item<double>());
    }

    [Theory]
    [InlineData("triplet")]
    [InlineData("trihard")]
    [InlineData("margin")]
    [InlineData("circle")]
    [InlineData("supcon")]
    [InlineData("nt-xent")]
    [InlineData("n-pair")]
    [InlineData("multi-similarity")]
    [InlineData("fastap")]
    [InlineData("ranked-list")]
    [InlineData("generalized-lifted")]
    public void GoesAroundAnyLossThatLooksFromAnchorsOnly(string loss)
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create($"{{start: 0, size: 6, loss: {loss}}}");
        for (int step = 0; step < 3; step++)
        {
            (Tensor embeddings, Tensor labels) = Gradients.Batch(step, 8, 3, 3, ScalarType.Float32);
            ObjectiveValue value = objective.Evaluate(embeddings, labels);
            value.Loss.backward();
            Gradients.AssertFinite(value.Loss);
            Gradients.AssertFinite(embeddings.grad);
            Assert.Equal(step == 0 ? 0 : 6, value.Figures["memory"]);
        }
    }

    [Theory]
    [InlineData("{loss: angular}", "'angular'")]
    [InlineData("{loss: lifted}", "'lifted'")]
    [InlineData("{loss: {name: triplet, swap: true}}", "'swap'")]
    [InlineData("{loss: arcface}", "compares no photos")]
    [InlineData("{loss: cross-batch-memory}", "compares no photos")]
    public void RefusesWhatCannotLookBeyondTheBatch(string parameters, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => Create(parameters)).Message, StringComparison.Ordinal);

    [Fact]
    public void IsLeftAsItIsWhileNotTraining()
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = Create("{start: 0, size: 6}");
        objective.eval();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 8, 3, 3);
        objective.Evaluate(embeddings, labels);
        Assert.Equal(0, ((CrossBatchMemoryObjective)objective).Memory.Count);
        Assert.Contains("memory.embeddings", objective.state_dict().Keys);
    }

    private static double[][] Rows(Tensor x) => [.. Gradients.Of(x).Chunk((int)x.shape[1])];

    private static Objective Create(string parameters) =>
        ObjectiveRegistry.Create("cross-batch-memory", Yaml.Parameters(parameters), new ObjectiveContext(3, 3, 1) { SampleCount = 20 });
}
