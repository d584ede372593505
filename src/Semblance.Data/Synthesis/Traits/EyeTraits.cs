using Semblance.Data.Synthesis.Painting;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>Eyes: place, shape of the lids, iris. Widths are halves.</summary>
internal sealed record EyeTraits(
    float Spacing,
    float Height,
    float Width,
    float Opening,
    float LowerBow,
    float Tilt,
    float Peak,
    float IrisRadius,
    SKColor Iris,
    float Crease,
    float Lashes,
    float Bags,
    float Depth)
{
    /// <summary>Draws the traits of one person.</summary>
    public static EyeTraits Draw(ref CountedRandom random) => new(
        random.Range(16.2f, 21),
        random.Range(-18.5f, -13.5f),
        random.Range(6.6f, 9.6f),
        random.Range(2.5f, 5),
        random.Range(0.45f, 0.85f),
        random.Range(-0.2f, 0.28f),
        random.Range(-0.4f, 0.4f),
        random.Range(3, 4.1f),
        DrawIris(ref random),
        random.NextBool(0.75) ? random.Range(1.2f, 3.4f) : 0,
        random.Range(0.5f, 1.7f),
        random.NextBool(0.45) ? random.Range(0.15f, 0.5f) : 0,
        random.Range(0.5f, 4.5f));

    private static SKColor DrawIris(ref CountedRandom random)
    {
        ReadOnlySpan<SKColor> palette =
        [
            new(58, 34, 22), new(96, 60, 30), new(128, 98, 44), new(92, 122, 62), new(66, 118, 150), new(110, 160, 196), new(128, 140, 148),
        ];
        return random.Pick(palette).Mix(random.Pick(palette), random.Range(0, 0.35f));
    }
}
