using Semblance.Training.Centres;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Margins;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Centres;

public sealed class CenterLossTests
{
    private static readonly ObjectiveContext Context = new(4, 3, 1);

    [Fact]
    public void IsSoftmaxPlusLambdaTimesThePull()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 3, 4, ScalarType.Float32);
        using Objective softmax = ObjectiveRegistry.Create("softmax", new Dictionary<string, object?>(), Context);
        using Objective pull = ObjectiveRegistry.Create("center-penalty", new Dictionary<string, object?>(), Context);
        using Objective joint = ObjectiveRegistry.Create("center", new Dictionary<string, object?> { ["weight"] = 0.2 }, Context);
        float expected = softmax.Evaluate(embeddings, labels).Loss.item<float>() + (0.2f * pull.Evaluate(embeddings, labels).Loss.item<float>());
        ObjectiveValue value = joint.Evaluate(embeddings, labels);
        Assert.Equal(expected, value.Loss.item<float>(), 5);
        Assert.True(value.Figures.ContainsKey("softmax.accuracy"));
        Assert.True(value.Figures.ContainsKey("center.centre_distance"));
    }

    [Fact]
    public void GradientsEqualCentralDifferences()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 6, 3, 4);
        using Objective joint = ObjectiveRegistry.Create(
            "center", new Dictionary<string, object?> { ["update"] = "gradient", ["weight"] = 0.3, ["reduction"] = "sum" }, Context);
        Gradients.AssertMatchDifferences(joint, embeddings, labels);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("gradient")]
    public void IsSoundAtTheEdges(string update) => MarginCases.AssertSound("center", ("update", update));

    [Fact]
    public void HoldsItsCentresInACheckpoint()
    {
        using Objective joint = ObjectiveRegistry.Create("center", new Dictionary<string, object?>(), Context);
        Assert.Contains("center.centres", joint.state_dict().Keys);
        Assert.DoesNotContain("center.centres", joint.named_parameters().Select(p => p.name));
    }
}
