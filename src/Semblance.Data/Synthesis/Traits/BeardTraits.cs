using Semblance.Numerics;

namespace Semblance.Data.Synthesis.Traits;

/// <summary>Beard and moustache; opacities of 0 mean none.</summary>
internal sealed record BeardTraits(float Cheeks, float Chin, float Moustache, float CheekLine, float Length, float MoustacheSize)
{
    /// <summary>Draws the traits of one person.</summary>
    public static BeardTraits Draw(ref CountedRandom random)
    {
        double kind = random.NextDouble();
        bool stubble = kind is >= 0.66 and < 0.78;
        bool full = kind is >= 0.78 and < 0.88;
        bool goatee = kind is >= 0.88 and < 0.94;
        bool moustache = kind >= 0.94;
        float weak = random.Range(0.14f, 0.34f);
        float strong = random.Range(0.65f, 0.95f);
        return new BeardTraits(
            stubble ? weak : full ? strong : 0,
            stubble ? weak : full || goatee ? strong : 0,
            stubble ? weak : (full && random.NextBool(0.8)) || goatee || moustache ? strong : 0,
            random.Range(8, 20),
            random.Range(0.5f, 5),
            random.Range(1.6f, 3.4f));
    }
}
