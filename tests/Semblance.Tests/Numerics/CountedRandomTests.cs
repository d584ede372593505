using Semblance.Numerics;

namespace Semblance.Tests.Numerics;

public sealed class CountedRandomTests
{
    // Runs that are resumed, and synthetic faces of a seed, rest on these very numbers.
    [Fact]
    public void DrawsNeverChange()
    {
        var random = new CountedRandom(1, 2, 3, 4);
        ulong[] draws = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];
        Assert.Equal([13132682462991868449UL, 8279694717876602682UL, 5516801015966047741UL], draws);
    }

    [Fact]
    public void TheSameNumbersGiveTheSameDraws()
    {
        var a = new CountedRandom(5, 6, 7, 8);
        var b = new CountedRandom(5, 6, 7, 8);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(a.NextDouble(), b.NextDouble());
        }
    }

    [Fact]
    public void EveryCoordinateMattersAndSoDoesItsPlace()
    {
        var first = new HashSet<ulong>();
        int count = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            for (ulong a = 0; a < 10; a++)
            {
                for (ulong b = 0; b < 10; b++)
                {
                    for (ulong c = 0; c < 10; c++)
                    {
                        first.Add(new CountedRandom(seed, a, b, c).NextUInt64());
                        count++;
                    }
                }
            }
        }

        Assert.Equal(count, first.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void IntegersAreUniform(int bound)
    {
        var random = new CountedRandom(1);
        int[] counts = new int[bound];
        for (int i = 0; i < 30_000; i++)
        {
            counts[random.NextInt(bound)]++;
        }

        // Five standard deviations of a binomial count.
        double expected = 30_000.0 / bound, spread = 5 * Math.Sqrt(expected * (1 - (1.0 / bound)));
        Assert.All(counts, count => Assert.InRange(count, expected - spread, expected + spread));
    }

    [Fact]
    public void LargeBoundsAreReachedWithoutBias()
    {
        // With plain multiplication or modulo, two thirds of 2³² would favour some values by a factor of two.
        var random = new CountedRandom(2);
        const int Bound = int.MaxValue / 3 * 2;
        int low = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int value = random.NextInt(Bound);
            Assert.InRange(value, 0, Bound - 1);
            low += value < Bound / 2 ? 1 : 0;
        }

        Assert.InRange(low, 9_600, 10_400);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CountedRandom(1).NextInt(0));
    }

    [Fact]
    public void GaussiansHaveMeanZeroAndVarianceOne()
    {
        var random = new CountedRandom(3);
        double[] draws = new double[50_000];
        foreach (ref double draw in draws.AsSpan())
        {
            draw = random.NextGaussian();
        }

        Assert.Equal(0, draws.Average(), 0.03);
        Assert.Equal(1, draws.Average(x => x * x), 0.04);
        Assert.Equal(3, draws.Average(x => x * x * x * x), 0.25);
    }

    [Fact]
    public void RangesAndProbabilitiesAreKept()
    {
        var random = new CountedRandom(4);
        int hits = 0;
        for (int i = 0; i < 20_000; i++)
        {
            Assert.InRange(random.NextDouble(-2, 3), -2, 3);
            hits += random.NextBool(0.25) ? 1 : 0;
        }

        Assert.InRange(hits, 4_690, 5_310);
        Assert.False(random.NextBool(0));
        Assert.True(random.NextBool(1));
    }

    [Fact]
    public void AShuffleKeepsAllAndReachesEveryOrder()
    {
        var random = new CountedRandom(5);
        var orders = new Dictionary<string, int>();
        for (int i = 0; i < 6_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            string order = new(items);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(["abc", "acb", "bac", "bca", "cab", "cba"], orders.Keys.Order());
        Assert.All(orders.Values, count => Assert.InRange(count, 850, 1_150));
    }
}
