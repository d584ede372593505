using CsCheck;

namespace Semblance.Evaluation.Tests.Verification;

/// <summary>Random score sets: few distinct values, so that most scores tie, within a class and between classes.</summary>
internal static class ScoreSets
{
    public static readonly Gen<(double[] Scores, bool[] Same)> Any =
        Gen.Int[1, 60].SelectMany(n => Gen.Select(
            Gen.OneOf(Gen.Int[-5, 5].Select(i => i / 4.0), Gen.Double[-1, 1]).Array[n], Gen.Bool.Array[n], (s, f) => (s, f)));

    public static readonly Gen<(double[] Scores, bool[] Same)> Mixed = Any.Where(p => p.Same.Contains(true) && p.Same.Contains(false));
}
