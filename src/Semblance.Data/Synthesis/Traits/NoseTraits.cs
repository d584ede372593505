using Semblance.Numerics;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>The nose: heights are above the face's surface, widths are halves.</summary>
internal sealed record NoseTraits(
    float TipHeight,
    float TipLift,
    float TipRadius,
    float WingWidth,
    float WingSize,
    float BridgeWidth,
    float BridgeLift,
    float Hump,
    float HumpPlace,
    float Nostril,
    float Bend)
{
    /// <summary>Draws the traits of one person.</summary>
    public static NoseTraits Draw(ref CountedRandom random) => new(
        random.Range(4.5f, 11.5f),
        random.Range(7, 13),
        random.Range(4, 7.2f),
        random.Range(5.6f, 10.6f),
        random.Range(2.6f, 4.8f),
        random.Range(3.2f, 6.8f),
        random.Range(3, 8),
        random.Range(-1.5f, 3),
        random.Range(0.35f, 0.65f),
        random.Range(0.8f, 2),
        random.Range(-1.4f, 1.4f));
}
