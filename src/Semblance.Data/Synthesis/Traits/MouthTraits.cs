using Semblance.Data.Synthesis.Painting;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>The mouth; the width is a half.</summary>
internal sealed record MouthTraits(
    float Height,
    float Width,
    float UpperLip,
    float LowerLip,
    float Bow,
    float BowWidth,
    float CornerLift,
    float Fullness,
    SKColor Lips)
{
    /// <summary>Draws the traits of one person.</summary>
    public static MouthTraits Draw(ref CountedRandom random) => new(
        random.Range(20.5f, 26.5f),
        random.Range(10.5f, 17),
        random.Range(1.3f, 4.6f),
        random.Range(2.2f, 6.2f),
        random.Range(0, 1.7f),
        random.Range(0.14f, 0.34f),
        random.Range(-1.7f, 1.5f),
        random.Range(0.4f, 0.85f),
        new SKColor(190, 112, 104).Mix(new SKColor(168, 72, 80), random.Range(0, 1)).Mix(new SKColor(206, 140, 122), random.Range(0, 0.8f)));
}
