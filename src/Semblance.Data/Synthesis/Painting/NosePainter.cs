using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>The lines of the nose; its body comes from the relief.</summary>
internal static class NosePainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person)
    {
        NoseTraits nose = person.Nose;
        SKColor line = person.Head.Skin.Lit(0.52f);
        float lift = nose.TipLift;
        float baseY = nose.TipHeight + 2.6f;
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float wing = nose.WingWidth;
            SKPoint P(float x, float y, float z) => sketch.At((side * x) + nose.Bend, y, z);
            sketch.Ellipse(
                P(wing * 0.48f, baseY + 0.3f, lift * 0.55f), nose.Nostril * 1.25f, nose.Nostril * 0.75f, side * -22, new SKColor(64, 28, 24, 215));
            sketch.Stroke(
                [
                    P(wing * 0.86f, baseY - (nose.WingSize * 1.3f), lift * 0.35f), P(wing, baseY - (nose.WingSize * 0.5f), lift * 0.3f),
                    P(wing * 0.92f, baseY + 0.6f, lift * 0.3f), P(wing * 0.7f, baseY + 1, lift * 0.4f),
                ],
                line.Faded(0.7f), 0.9f);
        }

        // The visible flank of the bridge, and the shadow under the tip.
        float turn = sketch.Pose.Turn;
        int flank = turn > 0 ? 1 : -1;
        sketch.Stroke(
            [
                sketch.At(flank * nose.BridgeWidth, person.Eyes.Height + 1, nose.BridgeLift * 0.4f),
                sketch.At((flank * nose.BridgeWidth * 0.8f) + (nose.Bend * 0.5f), (person.Eyes.Height + nose.TipHeight) / 2, (nose.BridgeLift + nose.Hump) * 0.6f),
                sketch.At((flank * nose.TipRadius * 0.8f) + nose.Bend, nose.TipHeight - 1.5f, lift * 0.7f),
            ],
            line.Faded(0.12f + MathF.Min(0.5f, MathF.Abs(turn) * 1.3f)), 1.1f);
        sketch.Glow(sketch.At(nose.Bend, baseY + 2.4f, 1), nose.WingWidth * 1.05f, 3.4f, 0, line.Faded(0.42f));
        sketch.Glow(sketch.At(nose.Bend - 0.6f, nose.TipHeight - 2, lift), nose.TipRadius * 0.55f, nose.TipRadius * 0.45f, 0, new SKColor(255, 250, 240, 120));
    }
}
