using Semblance.Data.Synthesis.Traits;
using Semblance.Numerics;

namespace Semblance.Data.Synthesis;

/// <summary>
/// Everything that makes a person: some ninety independent numbers, drawn once from (seed, identity) and the same in every image.
/// </summary>
internal sealed record FaceIdentity(
    HeadTraits Head,
    EyeTraits Eyes,
    BrowTraits Brows,
    NoseTraits Nose,
    MouthTraits Mouth,
    HairTraits Hair,
    BeardTraits Beard,
    MarkTraits Marks,
    GlassesTraits? Glasses)
{
    private const ulong Purpose = 0x1DE7717;

    /// <summary>Draws the person of the given number.</summary>
    public static FaceIdentity Draw(ulong seed, int identity)
    {
        var random = new CountedRandom(seed, Purpose, (ulong)identity);
        return new FaceIdentity(
            HeadTraits.Draw(ref random),
            EyeTraits.Draw(ref random),
            BrowTraits.Draw(ref random),
            NoseTraits.Draw(ref random),
            MouthTraits.Draw(ref random),
            HairTraits.Draw(ref random),
            BeardTraits.Draw(ref random),
            MarkTraits.Draw(ref random),
            random.NextBool(0.22) ? GlassesTraits.Draw(ref random) : null);
    }
}
