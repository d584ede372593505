using Semblance.Numerics;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>A spot on the skin, in head units.</summary>
internal readonly record struct Mark(float X, float Y, float Radius, float Opacity);

/// <summary>Moles, freckles and a scar.</summary>
internal sealed record MarkTraits(Mark[] Moles, Mark[] Freckles, Mark? Scar, float ScarAngle)
{
    /// <summary>Draws the traits of one person.</summary>
    public static MarkTraits Draw(ref CountedRandom random)
    {
        var moles = new Mark[random.NextBool(0.7) ? 1 + random.NextInt(4) : 0];
        for (int i = 0; i < moles.Length; i++)
        {
            moles[i] = OnSkin(ref random, random.Range(0.8f, 1.9f), random.Range(0.6f, 0.95f));
        }

        var freckles = new Mark[random.NextBool(0.22) ? 18 + random.NextInt(26) : 0];
        for (int i = 0; i < freckles.Length; i++)
        {
            freckles[i] = new Mark(random.Normal(13), 4 + random.Normal(5), random.Range(0.5f, 1), random.Range(0.25f, 0.55f));
        }

        Mark? scar = random.NextBool(0.14) ? OnSkin(ref random, random.Range(4, 9), random.Range(0.5f, 0.9f)) : null;
        return new MarkTraits(moles, freckles, scar, random.Range(0, MathF.PI));
    }

    // Cheeks, chin and forehead, not on the eyes or the lips.
    private static Mark OnSkin(ref CountedRandom random, float radius, float opacity)
    {
        float side = random.NextBool(0.5) ? 1 : -1;
        return random.NextInt(5) switch
        {
            0 => new Mark(random.Range(-24, 24), random.Range(-36, -29), radius, opacity),
            1 => new Mark(random.Range(-12, 12), random.Range(32, 38), radius, opacity),
            2 => new Mark(side * random.Range(4, 14), random.Range(15, 19), radius, opacity),
            _ => new Mark(side * random.Range(13, 31), random.Range(-4, 20), radius, opacity),
        };
    }
}
