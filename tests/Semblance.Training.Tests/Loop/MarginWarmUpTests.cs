using Semblance.Training.Configuration;
using Semblance.Training.Loop;

namespace Semblance.Training.Tests.Loop;

public sealed class MarginWarmUpTests
{
    [Fact]
    public void The_margin_rises_from_nothing_to_the_whole_and_stays()
    {
        var warmUp = new MarginWarmUp(4);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 6).Select(step => warmUp.At(step)));
        Assert.Equal(1, new MarginWarmUp(0).At(0));
    }

    [Fact]
    public void The_command_line_warms_up_a_quarter_of_the_stages_that_have_a_margin_unless_it_names_the_epochs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, "stages:\n- {loss: softmax, epochs: 5}\n- {loss: arcface, epochs: 10}\n");
        try
        {
            Assert.Equal([0, 2.5], WarmUps(new TrainingOverrides { AutoWarmUp = true }));
            Assert.Equal([0, 3], WarmUps(new TrainingOverrides { AutoWarmUp = true, AutoWarmUpEpochs = 3 }));
            Assert.Equal([0, 0], WarmUps(new TrainingOverrides()));
        }
        finally
        {
            File.Delete(path);
        }

        double[] WarmUps(TrainingOverrides overrides) => [.. TrainingConfigFile.Read(path, overrides).Stages.Select(stage => stage.AutoWarmUp)];
    }

    [Fact]
    public void A_loss_without_a_margin_refuses_a_warm_up()
    {
        var error = Assert.Throws<UsageException>(() => TrainingConfigFile.Read(null, new TrainingOverrides { Loss = "softmax", AutoWarmUp = true }));
        Assert.Contains("softmax", error.Message, StringComparison.Ordinal);
        Assert.Contains("--auto-warm-up", error.Message, StringComparison.Ordinal);
        var config = new TrainingConfig { Data = "nowhere", Stages = [new StageConfig { Loss = "softmax", AutoWarmUp = 2 }] };
        error = Assert.Throws<UsageException>(() => new Trainer(config, "no-run").Run(resume: false, progress: null, CancellationToken.None));
        Assert.Contains("auto_warm_up", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_warm_up_is_refused() => Assert.Contains(
        "auto_warm_up",
        Assert.Throws<UsageException>(() => TrainingConfigFile.Read(null, new TrainingOverrides { Set = ["stages.0.auto_warm_up=-1"] })).Message,
        StringComparison.Ordinal);
}
