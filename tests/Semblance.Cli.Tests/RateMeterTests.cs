using Semblance.Cli.Reporting;

namespace Semblance.Cli.Tests;

public sealed class RateMeterTests
{
    [Fact]
    public void OneSampleGivesNoRate()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        meter.Add(TimeSpan.FromSeconds(5), 100);

        Assert.Null(meter.Rate);
        Assert.Null(meter.Left(1000));
    }

    [Fact]
    public void ASteadyPaceGivesItsRateAndTheTimeLeft()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        for (int second = 0; second <= 5; second++)
        {
            meter.Add(TimeSpan.FromSeconds(second), 20 * second);
        }

        Assert.Equal(20, meter.Rate!.Value, 9);
        Assert.Equal(TimeSpan.FromSeconds(15), meter.Left(400));
    }

    [Fact]
    public void AResumedStageCountsFromWhereItBegan()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        meter.Add(TimeSpan.Zero, 9000);
        meter.Add(TimeSpan.FromSeconds(10), 9010);

        Assert.Equal(1, meter.Rate!.Value, 9);
    }

    [Fact]
    public void ASlowStartIsForgotten()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        meter.Add(TimeSpan.Zero, 0);
        for (int second = 60; second <= 90; second++)
        {
            meter.Add(TimeSpan.FromSeconds(second), 10 * (second - 60));
        }

        Assert.Equal(10, meter.Rate!.Value, 9);
    }

    [Fact]
    public void GoingBackStartsAgain()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        meter.Add(TimeSpan.Zero, 0);
        meter.Add(TimeSpan.FromSeconds(1), 1000);
        meter.Add(TimeSpan.FromSeconds(2), 0);

        Assert.Null(meter.Rate);
    }

    [Fact]
    public void WithoutATotalNothingIsLeft()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(1));
        meter.Add(TimeSpan.Zero, 0);
        meter.Add(TimeSpan.FromSeconds(1), 10);

        Assert.Null(meter.Left(0));
    }
}
