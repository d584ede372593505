namespace Semblance.Numerics;

/// <summary>
/// A small deterministic generator (SplitMix64, Steele, Lea and Flood 2014) seeded by a tuple of numbers, for example (seed, epoch,
/// position). Because any draw can be reached from its numbers alone, a resumed run repeats the very draws of an unbroken one without
/// storing a generator. Same numbers, same draws, on every platform.
/// </summary>
public struct CountedRandom
{
    private ulong _state;

    /// <summary>Seeds the generator from up to four numbers.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="a">A coordinate, for example a purpose or an epoch.</param>
    /// <param name="b">A coordinate, for example a position.</param>
    /// <param name="c">A coordinate.</param>
    public CountedRandom(ulong seed, ulong a = 0, ulong b = 0, ulong c = 0)
    {
        _state = Mix(Mix(Mix(Mix(seed + Golden) ^ a) + Golden ^ b) + Golden ^ c);
    }

    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>A uniform integer in [0, <paramref name="bound"/>), without modulo bias (Lemire 2019).</summary>
    /// <param name="bound">At least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        while (true)
        {
            ulong product = (NextUInt64() >> 32) * (ulong)bound;
            if ((uint)product >= (uint)bound || (uint)product >= (uint)-bound % (uint)bound)
            {
                return (int)(product >> 32);
            }
        }
    }

    /// <summary>A uniform number in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>True with the given probability.</summary>
    /// <param name="probability">In [0, 1].</param>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="items">The items to put into random order.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
