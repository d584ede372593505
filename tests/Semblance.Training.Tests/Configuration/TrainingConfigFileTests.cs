using Semblance.Training.Configuration;

namespace Semblance.Training.Tests.Configuration;

public sealed class TrainingConfigFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"semblance-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void AKeyWithinAParameterReachesTheLossNamedBesideIt()
    {
        TrainingConfig config = TrainingConfigFile.Read(null, new TrainingOverrides
        {
            Data = "faces",
            Loss = "triplet",
            Set = ["stages.0.loss_parameters.miner.name=batch-hard", "stages.0.loss_parameters.margin=0.3"],
        });
        IReadOnlyDictionary<string, object?> parameters = config.Stages[0].LossParameters;
        Assert.Equal("batch-hard", Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(parameters["miner"])["name"]);
        Assert.Equal(0.3, parameters["margin"]);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var config = new TrainingConfig
        {
            Data = "C:\\faces: of \"people\" #1",
            Seed = ulong.MaxValue,
            Precision = Precision.Bfloat16,
            Stages =
            [
                new StageConfig { Loss = "softmax", Epochs = 3 },
                new StageConfig { Loss = "triplet", LossParameters = new Dictionary<string, object?> { ["margin"] = 0.25, ["miner"] = "semi-hard" }, BackboneLrFactor = 0.1 },
            ],
        };
        string yaml = TrainingConfigFile.ToYaml(config);
        File.WriteAllText(_path, yaml);
        TrainingConfig read = TrainingConfigFile.Read(_path);
        Assert.Equal(yaml, TrainingConfigFile.ToYaml(read));
        Assert.Equal(config.Data, read.Data);
        Assert.Equal(0.25, read.Stages[1].LossParameters["margin"]);
    }

    [Theory]
    [InlineData("bakbone: iresnet18", "'bakbone'", "'backbone'")]
    [InlineData("stages: [{loss: arcface, epoch: 3}]", "'stages.0.epoch'", "'epochs'")]
    [InlineData("input_size: large", "'input_size'", "a whole number")]
    [InlineData("input_size: [64]", "'input_size'", "a whole number")]
    [InlineData("precision: float16", "'precision'", "float32, bfloat16")]
    [InlineData("stages: arcface", "'stages'", "a list")]
    [InlineData("input_size: 96", "'input_size'", "64 or 112")]
    [InlineData("stages: [{lr: -1}]", "'stages.0.lr'", "above 0")]
    [InlineData("stages: [{sampler: [pk]}]", "'stages.0.sampler'", "a name, or a mapping")]
    [InlineData("stages: [{sampler: {images_per_identity: 4}}]", "'stages.0.sampler.name'", "a name")]
    [InlineData("stages: [{embedding_lr_factor: -1}]", "'stages.0.embedding_lr_factor'", "0 or more")]
    [InlineData("ema: .nan", "'ema'", "a number")]
    public void A_wrong_key_or_value_is_named_with_what_was_expected(string yaml, string key, string expected)
    {
        File.WriteAllText(_path, yaml);
        var error = Assert.Throws<UsageException>(() => TrainingConfigFile.Read(_path));
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampler_is_a_name_or_a_mapping_and_reads_back_the_same()
    {
        File.WriteAllText(_path, "stages: [{loss: arcface, sampler: square-root}, {loss: triplet, sampler: {name: pk, images_per_identity: 8}}, {loss: softmax}]");
        TrainingConfig config = TrainingConfigFile.Read(_path);
        Assert.Equal(["square-root", "pk", "auto"], config.Stages.Select(stage => stage.Sampler.Name));
        Assert.Equal(8L, Assert.Single(config.Stages[1].Sampler.Parameters).Value);
        string yaml = TrainingConfigFile.ToYaml(config);
        File.WriteAllText(_path, yaml);
        Assert.Equal(yaml, TrainingConfigFile.ToYaml(TrainingConfigFile.Read(_path)));
        StageConfig set = TrainingConfigFile.Read(_path, new TrainingOverrides { Set = ["stages.0.sampler={name: effective-number, beta: 0.99}", "stages.1.sampler.images_per_identity=2"] }).Stages[0];
        Assert.Equal(("effective-number", 0.99), (set.Sampler.Name, set.Sampler.Parameters["beta"]));
        Assert.Equal("auto", TrainingConfigFile.Keys().Single(key => key.Key == "stages.N.sampler").Value);
    }

    [Fact]
    public void The_line_of_a_wrong_key_is_given()
    {
        File.WriteAllText(_path, "seed: 3\nbatch: 64\n");
        Assert.Contains("line 2", Assert.Throws<UsageException>(() => TrainingConfigFile.Read(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_yaml_is_refused_in_one_line()
    {
        File.WriteAllText(_path, "a: [1, 2\nb: }");
        Assert.DoesNotContain('\n', Assert.Throws<UsageException>(() => TrainingConfigFile.Read(_path)).Message);
    }

    [Fact]
    public void The_command_line_lies_over_the_file()
    {
        File.WriteAllText(_path, "backbone: iresnet18\nstages: [{loss: softmax, epochs: 9, lr: 0.2}]");
        TrainingConfig config = TrainingConfigFile.Read(_path, new TrainingOverrides
        {
            Epochs = 2,
            Loss = "cosface",
            Set = ["stages.0.loss_parameters.m=0.4", "ema=0.99"],
        });
        StageConfig stage = Assert.Single(config.Stages);
        Assert.Equal(("iresnet18", "cosface", 2, 0.2, 0.99), (config.Backbone, stage.Loss, stage.Epochs, stage.Lr, config.Ema));
        Assert.Equal(0.4, stage.LossParameters["m"]);
    }

    [Theory]
    [InlineData("stages.0.lr", "key=value")]
    [InlineData("stages.3.lr=1", "'3'")]
    [InlineData("seed.x=1", "seed")]
    [InlineData("stages.0.rate=1", "stages.0.rate")]
    public void A_wrong_assignment_is_named(string assignment, string expected)
    {
        var error = Assert.Throws<UsageException>(() => TrainingConfigFile.Read(null, new TrainingOverrides { Set = [assignment] }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
