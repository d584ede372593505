using Semblance.Cli.Reporting;

namespace Semblance.Cli.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7620, "2 h 07 min")]
    public void DurationsReadAsPeopleSayThem(double seconds, string expected) =>
        Assert.Equal(expected, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.98765, "98.77 %")]
    [InlineData(double.NaN, "–")]
    public void SharesArePerCent(double share, string expected) => Assert.Equal(expected, Figures.Percent(share));

    [Theory]
    [InlineData(1234.5, "1,234")]
    [InlineData(12.345, "12.3")]
    [InlineData(1.2345, "1.23")]
    public void RatesHaveThreeDigits(double rate, string expected) => Assert.Equal(expected, Figures.Rate(rate));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1500, "1.5 KB")]
    [InlineData(12_345_678, "12.3 MB")]
    public void SizesAreDecimal(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));
}
