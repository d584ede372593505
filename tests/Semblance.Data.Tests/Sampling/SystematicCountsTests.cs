using CsCheck;
using Semblance.Data.Sampling;
using Semblance.Numerics;

namespace Semblance.Data.Tests.Sampling;

public sealed class SystematicCountsTests
{
    [Fact]
    public void EachCountIsItsExpectationRoundedDownOrUpAndTheySumToTheTotal() =>
        Gen.Select(Gen.Double[0.01, 10].Array[1, 12], Gen.Int[1, 40], Gen.Int[1, 8], Gen.ULong).Sample((weights, visits, most, seed) =>
        {
            double[] p = [.. weights.Select(w => w / weights.Sum())];
            visits = Math.Min(visits, most * p.Length);
            var random = new CountedRandom(seed);
            int[] counts = SystematicCounts.Draw(p, visits, most, ref random);
            double[] expected = SystematicCounts.Expected(p, visits, most);
            Assert.Equal(visits, counts.Sum());
            Assert.Equal(visits, expected.Sum(), 1e-9);
            for (int i = 0; i < p.Length; i++)
            {
                Assert.InRange(counts[i], (int)Math.Floor(expected[i] - 1e-9), Math.Min(most, (int)Math.Ceiling(expected[i] + 1e-9)));
            }
        });

    [Fact]
    public void WhatIsOverTheMostGoesToTheOthersInProportion()
    {
        // 10 visits, at most 4 each: 0.8 would be 8. The other 6 are shared 3:1, and 4.5 is over again.
        Assert.Equal([4, 4, 2], SystematicCounts.Expected([0.8, 0.15, 0.05], 10, 4));
        Assert.Equal([4, 3, 1], SystematicCounts.Expected([0.8, 0.15, 0.05], 8, 4).Select(e => Math.Round(e, 12)));
    }

    [Fact]
    public void TheMeanOverManyDrawsIsTheExpectation()
    {
        double[] p = [0.5, 0.3, 0.15, 0.05];
        double[] sums = new double[4];
        const int Draws = 20_000;
        for (int draw = 0; draw < Draws; draw++)
        {
            var random = new CountedRandom(3, (ulong)draw);
            int[] counts = SystematicCounts.Draw(p, 7, 7, ref random);
            for (int i = 0; i < 4; i++)
            {
                sums[i] += counts[i];
            }
        }

        // The fraction of a count is a coin of its own: five standard deviations of its mean.
        for (int i = 0; i < 4; i++)
        {
            double fraction = (7 * p[i]) % 1;
            Assert.Equal(7 * p[i], sums[i] / Draws, 5 * Math.Sqrt(fraction * (1 - fraction) / Draws));
        }
    }
}
