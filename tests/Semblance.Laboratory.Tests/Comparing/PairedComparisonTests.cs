using Semblance.Laboratory.Comparing;

namespace Semblance.Laboratory.Tests.Comparing;

public sealed class PairedComparisonTests
{
    private static readonly int[] s_tenFolds = [.. Enumerable.Range(0, 200).Select(i => (i / 20) + 1)];

    [Fact]
    public void ALossThatIsRightWhereTheOtherIsWrongInEveryFoldIsMoreAccurate()
    {
        string worse = string.Concat(Enumerable.Range(0, 200).Select(i => i % 20 == 0 ? '0' : '1'));

        PairedComparison two = PairedComparison.Compare("a", "b", [(Run(new string('1', 200), 1), Run(worse, 0.95))], s_tenFolds);

        Assert.Equal([("pairs", 200, 10, 0), ("folds", 10, 10, 0), ("seeds", 1, 1, 0)], two.Tests.Select(test => (test.Over, test.Units, test.FirstBetter, test.SecondBetter)));
        Assert.All(two.Tests.Take(2), test => Assert.Equal(Math.Pow(2, -9), test.P, 12));
        Assert.Equal(1, two.Tests[2].P);
        Assert.StartsWith("a is more accurate than b on people like these by 5.00 percentage points (p 0.002", two.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereAllOfTheDifferenceLiesInOneFoldTheFoldsSaySo()
    {
        string worse = string.Concat(Enumerable.Range(0, 200).Select(i => i < 10 ? '0' : '1'));

        PairedComparison two = PairedComparison.Compare("a", "b", [(Run(new string('1', 200), 1), Run(worse, 0.95))], s_tenFolds);

        Assert.True(two.Tests[0].P < 0.01);
        Assert.Equal(1, two.Tests[1].P);
        Assert.Contains("cannot tell from chance", two.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void SeedsAreCountedAndTheSmallestPOfSoFewIsTold()
    {
        string right = new('1', 200);
        string worse = "0" + new string('1', 199);

        PairedComparison two = PairedComparison.Compare("a", "b", [(Run(right, 1), Run(worse, 0.995)), (Run(right, 1), Run(worse, 0.995)), (Run(worse, 0.995), Run(right, 1))], s_tenFolds);

        PairedTest seeds = two.Tests[2];
        Assert.Equal((3, 2, 1, 0.25), (seeds.Units, seeds.FirstBetter, seeds.SecondBetter, seeds.SmallestP));
        Assert.Equal((3, 2), (two.Seeds, two.SeedsAhead));
        Assert.Contains("2 of 3 seeds", two.Verdict, StringComparison.Ordinal);
    }

    private static RunResult Run(string decisions, double accuracy) => new() { Loss = "", Seed = 1, Run = "", Decisions = decisions, Accuracy = accuracy };
}
