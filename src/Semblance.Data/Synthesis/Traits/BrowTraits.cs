using Semblance.Numerics;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>Eyebrows.</summary>
internal sealed record BrowTraits(
    float Gap,
    float Inner,
    float Length,
    float Thickness,
    float Taper,
    float Arch,
    float ArchPlace,
    float Angle,
    float Density,
    float Darkness)
{
    /// <summary>Draws the traits of one person.</summary>
    public static BrowTraits Draw(ref CountedRandom random) => new(
        random.Range(7.2f, 12.5f),
        random.Range(4.5f, 9.5f),
        random.Range(15, 22.5f),
        random.Range(1.3f, 4.8f),
        random.Range(0.2f, 0.9f),
        random.Range(-0.4f, 4.4f),
        random.Range(0.4f, 0.72f),
        random.Range(-0.22f, 0.22f),
        random.Range(0.5f, 0.95f),
        random.Range(0.55f, 0.95f));
}
