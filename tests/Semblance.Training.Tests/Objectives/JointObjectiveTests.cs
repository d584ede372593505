using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class JointObjectiveTests
{
    private static readonly Dictionary<string, object?> Defaults = [];
    private static readonly ObjectiveContext Context = new(3, 4, 1);

    [Fact]
    public void IsTheWeightedSumOfItsParts()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 9, 4, 3, ScalarType.Float32);
        using Objective identification = ObjectiveRegistry.Create("softmax", Defaults, Context);
        using Objective verification = ObjectiveRegistry.Create("contrastive", Defaults, Context);
        float a = identification.Evaluate(embeddings, labels).Loss.item<float>();
        float b = verification.Evaluate(embeddings, labels).Loss.item<float>();
        using JointObjective joint = Create(new ConstantWeight(0.05));

        ObjectiveValue value = joint.Evaluate(embeddings, labels);
        Assert.Equal(a + (0.05f * b), value.Loss.item<float>(), 5);
        Assert.Equal(b, value.Figures["verification.loss"], 5);
        Assert.Equal(0.05, value.Figures["verification.weight"]);
        Assert.True(value.Figures.ContainsKey("identification.accuracy"));
        Assert.True(value.Figures.ContainsKey("verification.active_tuples"));
    }

    [Fact]
    public void GradientsEqualCentralDifferences()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 6, 4, 3);
        using JointObjective joint = Create(new ConstantWeight(0.3));
        Gradients.AssertMatchDifferences(joint, embeddings, labels);
    }

    [Fact]
    public void CountsTrainingStepsForItsWeightsAndHoldsThemAsABuffer()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 6, 4, 3, ScalarType.Float32);
        using JointObjective joint = Create(new Rising());
        joint.train();
        joint.Evaluate(embeddings, labels);
        Assert.Equal(1, joint.Evaluate(embeddings, labels).Figures["verification.weight"]);
        joint.eval();
        joint.Evaluate(embeddings, labels);
        Assert.Equal(2, joint.Evaluate(embeddings, labels).Figures["verification.weight"]);
        Assert.Equal(2, joint.Steps);
        Assert.Equal(2, joint.state_dict()["steps"].item<long>());
        Assert.Contains("identification.centres.weight", joint.state_dict().Keys);
    }

    [Fact]
    public void RefusesTwoPartsOfOneName()
    {
        using Objective part = ObjectiveRegistry.Create("contrastive", Defaults, Context);
        Assert.Throws<UsageException>(() => new JointObjective("joint", [new("a", part, new ConstantWeight(1)), new("a", part, new ConstantWeight(1))]));
    }

    private static JointObjective Create(IWeightSchedule weight) => new("joint",
    [
        new("identification", ObjectiveRegistry.Create("softmax", Defaults, Context), new ConstantWeight(1)),
        new("verification", ObjectiveRegistry.Create("contrastive", Defaults, Context), weight),
    ]);

    private sealed class Rising : IWeightSchedule
    {
        public double At(long step) => step;
    }
}
