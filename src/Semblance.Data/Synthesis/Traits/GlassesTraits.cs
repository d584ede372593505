using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>A pair of glasses: one's own, or sunglasses that hide somebody's eyes. Widths and heights are halves.</summary>
internal sealed record GlassesTraits(float Width, float Height, float Roundness, float Thickness, float Drop, float Bridge, SKColor Frame, float WearShare)
{
    /// <summary>Draws a pair.</summary>
    public static GlassesTraits Draw(ref CountedRandom random)
    {
        ReadOnlySpan<SKColor> palette =
        [
            new(24, 24, 28), new(90, 54, 30), new(150, 150, 156), new(178, 140, 66), new(120, 28, 36), new(36, 56, 110),
        ];
        float width = random.Range(11, 15);
        return new GlassesTraits(
            width,
            width * random.Range(0.6f, 0.95f),
            random.Range(0.25f, 1),
            random.Range(0.9f, 2.6f),
            random.Range(-1, 3),
            random.Range(-4, 0.5f),
            random.Pick(palette),
            random.Range(0.6f, 1));
    }
}
