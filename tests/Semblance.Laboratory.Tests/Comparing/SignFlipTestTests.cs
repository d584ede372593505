using CsCheck;
using Semblance.Laboratory.Comparing;

namespace Semblance.Laboratory.Tests.Comparing;

public sealed class SignFlipTestTests
{
    [Fact]
    public void ItIsTheShareOfAllChoicesOfSignsThatAreAsFarFromZero() => Gen.Int[-4, 4].Array[0, 9].Sample(differences =>
    {
        int observed = Math.Abs(differences.Sum());
        int all = 1 << differences.Length;
        int asFar = Enumerable.Range(0, all).Count(signs => Math.Abs(differences.Select((d, i) => (signs >> i & 1) == 0 ? d : -d).Sum()) >= observed);

        Assert.Equal((double)asFar / all, SignFlipTest.PValue(differences), 12);
    });

    [Fact]
    public void WithDifferencesOfOneItIsMcNemarsExactTest()
    {
        // 12 pairs for the one, 3 for the other: 2·P(X ≤ 3), X ~ Bin(15, ½) = 2·(1 + 15 + 105 + 455)/2¹⁵.
        int[] differences = [.. Enumerable.Repeat(1, 12), .. Enumerable.Repeat(-1, 3), .. Enumerable.Repeat(0, 500)];

        Assert.Equal(2 * 576 / 32768.0, SignFlipTest.PValue(differences), 12);
    }

    [Fact]
    public void WithoutADifferenceItIsOne()
    {
        Assert.Equal(1, SignFlipTest.PValue([]));
        Assert.Equal(1, SignFlipTest.PValue([0, 0]));
        Assert.Equal(1, SignFlipTest.PValue([3, -3]));
    }

    [Fact]
    public void ThousandsOfPairsKeepItsDigits()
    {
        // Normal approximation with continuity: z = (200 − 1)/√3000.
        int[] differences = [.. Enumerable.Repeat(1, 1600), .. Enumerable.Repeat(-1, 1400)];

        Assert.Equal(0.00028, SignFlipTest.PValue(differences), 5);
    }
}
