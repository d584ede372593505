using CsCheck;
using Semblance.Evaluation.Reports.Charts;

namespace Semblance.Evaluation.Tests.Reports;

public class AxisScaleTests
{
    [Fact]
    public void Ticks_are_few_ascending_distinct_and_inside_the_axis() => Gen.Select(Gen.Double[-1e4, 1e4], Gen.Double[1e-4, 1e5]).Sample((low, span) =>
    {
        AxisScale scale = AxisScale.Fit(new ChartAxis("x"), [low, low + span], fromZero: false);
        Assert.InRange(scale.Ticks.Count, 3, 12);
        Assert.True(scale.Low <= low + (span * 1e-6) && scale.High >= low + (span * (1 - 1e-6)));
        Assert.Equal(scale.Ticks.Select(t => t.Value).Distinct().Order(), scale.Ticks.Select(t => t.Value));
        Assert.All(scale.Ticks, t => Assert.InRange(scale.Position(t.Value), -1e-6, 1 + 1e-6));
    });

    [Fact]
    public void Percent_ticks_have_the_decimals_that_their_step_needs()
    {
        Assert.Equal(["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"], Labels(new ChartAxis("") { Format = AxisFormat.Percent }, 0, 1));
        Assert.Equal("90.5 %", Labels(new ChartAxis("") { Format = AxisFormat.Percent }, 0.90, 0.93)[1]);
    }

    [Fact]
    public void Numbers_below_zero_carry_a_minus_sign_and_zero_does_not() =>
        Assert.Equal(["−1.0", "−0.5", "0.0", "0.5", "1.0"], Labels(new ChartAxis(""), -1, 1));

    [Fact]
    public void A_logarithmic_axis_ticks_decades_and_pins_zero_to_its_end()
    {
        AxisScale scale = AxisScale.Fit(new ChartAxis("") { Logarithmic = true }, [0, 0.002, 0.9], fromZero: false);
        Assert.Equal(["10^−3", "10^−2", "10^−1", "1"], scale.Ticks.Select(t => t.Label));
        Assert.Equal(0, scale.Position(0));
        Assert.Equal(1 / 3.0, scale.Position(0.01), 1e-12);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(double.NaN, double.PositiveInfinity)]
    public void Data_without_a_range_still_gets_an_axis(double a, double b)
    {
        AxisScale scale = AxisScale.Fit(new ChartAxis(""), [a, b], fromZero: false);
        Assert.True(scale.High > scale.Low);
        Assert.NotEmpty(scale.Ticks);
    }

    private static string[] Labels(ChartAxis axis, double low, double high) => [.. AxisScale.Fit(axis, [low, high], fromZero: false).Ticks.Select(t => t.Label)];
}
