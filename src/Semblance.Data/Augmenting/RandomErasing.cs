using Semblance.Numerics;

namespace Semblance.Data.Augmenting;

/// <summary>Fills a rectangle with noise (random erasing, Zhong et al. 2020, with random values per pixel and channel).</summary>
internal static class RandomErasing
{
    /// <summary>The paper's range of a rectangle's aspect: 0.3 to 1/0.3.</summary>
    private const double NarrowestAspect = 0.3;

    /// <summary>Erases a rectangle in all planes.</summary>
    /// <param name="planes">Planes of values 0…255, all of the same size.</param>
    /// <param name="width">Width of a plane.</param>
    /// <param name="height">Height of a plane.</param>
    /// <param name="area">Share of the plane to erase.</param>
    /// <param name="random">Where and with what.</param>
    public static void Apply(Span<float> planes, int width, int height, double area, ref CountedRandom random)
    {
        double stretch = -Math.Log(NarrowestAspect);
        double aspect = Math.Exp(random.NextDouble(-stretch, stretch));
        int across = Math.Clamp((int)Math.Round(width * Math.Sqrt(area * aspect)), 1, width);
        int down = Math.Clamp((int)Math.Round(height * Math.Sqrt(area / aspect)), 1, height);
        int left = random.NextInt(width - across + 1), top = random.NextInt(height - down + 1);
        int plane = width * height;
        for (int start = 0; start < planes.Length; start += plane)
        {
            for (int y = top; y < top + down; y++)
            {
                Span<float> row = planes.Slice(start + (y * width) + left, across);
                ulong bits = 0;
                for (int x = 0; x < row.Length; x++)
                {
                    bits = (x & 7) == 0 ? random.NextUInt64() : bits >> 8;
                    row[x] = (byte)bits;
                }
            }
        }
    }
}
