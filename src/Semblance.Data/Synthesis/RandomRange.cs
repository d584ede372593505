using Semblance.Numerics;

namespace Semblance.Data.Synthesis;

/// <summary>Single-precision draws, which is what drawing works in.</summary>
internal static class RandomRange
{
    /// <summary>A uniform number in [low, high).</summary>
    public static float Range(this ref CountedRandom random, float low, float high) => (float)random.NextDouble(low, high);

    /// <summary>A normal number around 0, cut at two and a half deviations so that no image is a freak.</summary>
    public static float Normal(this ref CountedRandom random, float deviation) =>
        deviation * Math.Clamp((float)random.NextGaussian(), -2.5f, 2.5f);

    /// <summary>One of the given items, each as likely.</summary>
    public static T Pick<T>(this ref CountedRandom random, ReadOnlySpan<T> items) => items[random.NextInt(items.Length)];
}
