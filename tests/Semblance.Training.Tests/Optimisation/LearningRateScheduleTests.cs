using Semblance.Training.Optimisation;

namespace Semblance.Training.Tests.Optimisation;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void The_first_step_of_a_warm_up_does_not_run_at_the_full_rate_and_its_last_does()
    {
        var schedule = new LearningRateSchedule { Rate = 0.4, TotalSteps = 100, WarmupSteps = 8 };
        Assert.Equal(0.05, schedule.At(0), 12);
        Assert.Equal(0.4, schedule.At(7), 12);
    }

    [Theory]
    [InlineData(Decay.Constant, 0.4)]
    [InlineData(Decay.Cosine, 0.04)]
    [InlineData(Decay.Polynomial, 0.04)]
    [InlineData(Decay.Step, 0.0004)]
    public void The_last_step_comes_to_the_final_rate(Decay decay, double expected)
    {
        var schedule = new LearningRateSchedule { Rate = 0.4, TotalSteps = 100_000, WarmupSteps = 10, Decay = decay, FinalFraction = 0.1 };
        Assert.Equal(expected, schedule.At(99_999), 4);
    }

    [Fact]
    public void Cosine_passes_the_mean_of_both_ends_half_way()
    {
        var schedule = new LearningRateSchedule { Rate = 1, TotalSteps = 100, FinalFraction = 0.2 };
        Assert.Equal(0.6, schedule.At(50), 12);
    }

    [Fact]
    public void Polynomial_follows_its_power()
    {
        var schedule = new LearningRateSchedule { Rate = 1, TotalSteps = 100, Decay = Decay.Polynomial, Power = 2 };
        Assert.Equal(0.5625, schedule.At(25), 12);
    }

    [Fact]
    public void Step_decay_falls_at_each_fraction()
    {
        var schedule = new LearningRateSchedule { Rate = 1, TotalSteps = 100, Decay = Decay.Step, StepsAt = [0.5, 0.8], StepFactor = 0.1 };
        Assert.Equal([1, 0.1, 0.1, 0.01], new[] { 49, 50, 79, 80 }.Select(step => Math.Round(schedule.At(step), 12)));
    }
}
