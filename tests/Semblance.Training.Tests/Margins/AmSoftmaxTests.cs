using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class AmSoftmaxTests
{
    [Fact]
    public void IsCosFaceWithItsOwnScale()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 6, 4, 5, ScalarType.Float32);
        ObjectiveContext context = new(5, 4, 1);
        using Objective own = ObjectiveRegistry.Create("am-softmax", new Dictionary<string, object?>(), context);
        using Objective cosface = ObjectiveRegistry.Create("cosface", new Dictionary<string, object?> { ["scale"] = 30 }, context);
        Assert.Equal(cosface.Evaluate(embeddings, labels).Loss.item<float>(), own.Evaluate(embeddings, labels).Loss.item<float>());
    }

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("am-softmax");
}
