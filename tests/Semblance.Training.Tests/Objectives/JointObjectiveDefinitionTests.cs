using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class JointObjectiveDefinitionTests
{
    private static readonly ObjectiveContext Context = new(3, 4, 1);

    [Fact]
    public void AddsThePartsThatAConfigNames()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 9, 4, 3, ScalarType.Float32);
        using Objective joint = Create("{parts: [{loss: cosface, scale: 16}, {loss: triplet, name: pull, weight: 0.5, miner: {name: semi-hard, definition: tfa}, margin: 0.4}]}");
        using Objective first = ObjectiveRegistry.Create("cosface", new Dictionary<string, object?> { ["scale"] = 16 }, Context);
        ObjectiveValue value = joint.Evaluate(embeddings, labels);
        Assert.Equal(first.Evaluate(embeddings, labels).Loss.item<float>(), value.Figures["cosface.loss"], 5);
        Assert.Equal(value.Figures["cosface.loss"] + (0.5 * value.Figures["pull.loss"]), value.Loss.item<float>(), 5);
    }

    [Theory]
    [InlineData("linear", 0, 0)]
    [InlineData("linear", 10, 0)]
    [InlineData("linear", 30, 1)]
    [InlineData("linear", 50, 2)]
    [InlineData("linear", 99, 2)]
    [InlineData("cosine", 20, 0.29289321881345254)]
    [InlineData("cosine", 30, 1)]
    public void LetsAWeightFollowASchedule(string schedule, long step, double expected)
    {
        ObjectiveArguments arguments = ObjectiveArguments.Bind(
            "objective 'x'", [new WeightParameter("weight", 1, "")],
            new Dictionary<string, object?>
            {
                ["weight"] = new Dictionary<string, object?> { ["schedule"] = schedule, ["from"] = 0, ["to"] = 2, ["steps"] = 40, ["after"] = 10 },
            });
        Assert.Equal(expected, arguments.Value<IWeightSchedule>("weight").At(step), 12);
    }

    [Theory]
    [InlineData("{parts: [{loss: softmax}, {loss: tripplet}]}", "did you mean 'triplet'?")]
    [InlineData("{parts: [{loss: softmax, scale: 3}]}", "The objective 'softmax' has no parameter 'scale'")]
    [InlineData("{parts: [{loss: softmax, weight: -1}]}", "weight of the part 'softmax' is '-1'; expected a number of at least 0")]
    [InlineData("{parts: [{loss: softmax, weight: {schedul: linear}}]}", "did you mean 'schedule'?")]
    [InlineData("{parts: []}", "expected a list of parts")]
    [InlineData("{parts: softmax}", "expected a list of parts")]
    [InlineData("{parts: [softmax]}", "expected a list of parts")]
    [InlineData("{parts: [{loss: softmax}, {loss: softmax}]}", "same name")]
    public void SaysWhatIsWrongWithAPart(string parameters, string expected)
    {
        UsageException e = Assert.Throws<UsageException>(() => Create(parameters));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("{parts: [{loss: softmax}]}", false)]
    [InlineData("{parts: [{loss: softmax}, {loss: triplet}]}", true)]
    public void NeedsTheBatchesThatItsPartsNeed(string parameters, bool expected) =>
        Assert.Equal(expected, ObjectiveRegistry.NeedsIdentityBatches("joint", Yaml.Parameters(parameters)));

    [Fact]
    public void SurvivesBeingWrittenAndReadAgain()
    {
        var config = new TrainingConfig
        {
            Stages = [new StageConfig { Loss = "joint", LossParameters = Yaml.Parameters("{parts: [{loss: softmax}, {loss: contrastive, weight: {to: 0.05}, margin: 2}]}") }],
        };
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, TrainingConfigFile.ToYaml(config));
            StageConfig read = TrainingConfigFile.Read(path).Stages[0];
            using Objective joint = ObjectiveRegistry.Create(read.Loss, read.LossParameters, Context);
            Assert.Equal(TrainingConfigFile.ToYaml(config), TrainingConfigFile.ToYaml(config with { Stages = [read] }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Objective Create(string parameters) => ObjectiveRegistry.Create("joint", Yaml.Parameters(parameters), Context);
}
