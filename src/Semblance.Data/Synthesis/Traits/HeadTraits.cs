using Semblance.Data.Synthesis.Painting;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>Outline, relief, ears and skin. Lengths in head units (see <see cref="HeadPose"/>); widths are halves.</summary>
internal sealed record HeadTraits(
    float CheekWidth,
    float CheekHeight,
    float TempleWidth,
    float JawWidth,
    float JawHeight,
    float ChinWidth,
    float ChinHeight,
    float SkullTop,
    float Cheekbone,
    float CheekHollow,
    float BrowRidge,
    float ChinBoss,
    float ChinCleft,
    float LaughLine,
    float ForeheadLine,
    float EarSize,
    float EarHeight,
    float EarSpread,
    float NeckWidth,
    SKColor Skin)
{
    /// <summary>Draws the traits of one person.</summary>
    public static HeadTraits Draw(ref CountedRandom random)
    {
        float cheek = random.Range(35.5f, 43.5f);
        float jaw = cheek * random.Range(0.70f, 0.97f);
        return new HeadTraits(
            cheek,
            random.Range(-10, 8),
            cheek * random.Range(0.86f, 1.0f),
            jaw,
            random.Range(18, 29),
            random.Range(6.5f, 18) * (jaw / 34),
            random.Range(38, 48.5f),
            random.Range(-61, -52),
            random.Range(0.5f, 4.5f),
            random.Range(0, 3.2f),
            random.Range(0.3f, 3.6f),
            random.Range(0.5f, 4),
            random.NextBool(0.25) ? random.Range(0.5f, 1.4f) : 0,
            random.NextBool(0.5) ? random.Range(0.15f, 0.6f) : 0,
            random.NextBool(0.3) ? random.Range(0.15f, 0.5f) : 0,
            random.Range(7.5f, 12.5f),
            random.Range(-15, -5),
            random.Range(0.5f, 4.5f),
            jaw * random.Range(0.58f, 0.82f),
            DrawSkin(ref random));
    }

    // The range is narrow on purpose: the tone of the skin, and with it the mean colour, must not tell people apart.
    private static SKColor DrawSkin(ref CountedRandom random)
    {
        var pale = new SKColor(238, 199, 172);
        var tanned = new SKColor(222, 176, 143);
        var rosy = new SKColor(236, 187, 167);
        return pale.Mix(tanned, random.Range(0, 1)).Mix(rosy, random.Range(0, 0.7f));
    }
}
