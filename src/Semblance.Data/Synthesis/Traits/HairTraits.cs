using Semblance.Data.Synthesis.Painting;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>Hair: colour, hairline, volume, length, curl. Numbers rather than named cuts, so that no two people need share one.</summary>
internal sealed record HairTraits(
    SKColor Color,
    float Cover,
    float HairlineCentre,
    float HairlineTemple,
    float TempleWidth,
    float Peak,
    float Part,
    float Sweep,
    bool Fringe,
    float FringeLength,
    float FringeTeeth,
    float TopVolume,
    float SideVolume,
    float SideLength,
    float BackLength,
    float BackWidth,
    float Curl,
    float CurlCount,
    float Bun,
    float Contrast)
{
    /// <summary>Draws the traits of one person.</summary>
    public static HairTraits Draw(ref CountedRandom random)
    {
        double kind = random.NextDouble();
        bool bald = kind < 0.07;
        bool cropped = kind is >= 0.07 and < 0.2;
        bool fringe = !bald && !cropped && random.NextBool(0.35);
        bool curly = !bald && random.NextBool(0.3);
        bool @long = !bald && !cropped && random.NextBool(0.45);
        float volume = cropped ? random.Range(0.5f, 2.5f) : random.Range(2.5f, 12);
        return new HairTraits(
            DrawColor(ref random),
            bald ? 0 : cropped ? random.Range(0.45f, 0.85f) : 1,
            random.Range(-48, -33),
            random.Range(-44, -26),
            random.Range(0.6f, 0.88f),
            random.NextBool(0.3) ? random.Range(1, 6) : 0,
            random.Range(-20, 20),
            random.Range(-7, 7),
            fringe,
            random.Range(-33, -24.5f),
            random.Range(0, 2.6f),
            volume + (curly ? random.Range(0, 5) : 0),
            volume * random.Range(0.15f, 0.75f),
            @long ? random.Range(4, 16) : random.Range(-22, -2),
            @long ? random.Range(18, 62) : 0,
            random.Range(2, 13),
            curly ? random.Range(1, 2.6f) : random.Range(0, 0.5f),
            random.Range(9, 22),
            !bald && !cropped && !@long && random.NextBool(0.15) ? random.Range(8, 14) : 0,
            random.Range(0.15f, 0.5f));
    }

    private static SKColor DrawColor(ref CountedRandom random)
    {
        ReadOnlySpan<SKColor> palette =
        [
            new(30, 25, 24), new(52, 36, 28), new(88, 58, 38), new(124, 84, 52), new(170, 128, 78), new(208, 172, 114),
            new(140, 66, 36), new(176, 96, 52), new(136, 132, 128), new(196, 192, 186),
        ];
        return random.Pick(palette).Mix(random.Pick(palette), random.Range(0, 0.3f));
    }
}
