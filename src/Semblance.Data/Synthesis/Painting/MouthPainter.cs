using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Lips, teeth and the corners, with smile and opening.</summary>
internal static class MouthPainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person, FaceNuisance scene)
    {
        MouthTraits mouth = person.Mouth;
        float smile = scene.Smile;
        float width = mouth.Width * (1 + (0.16f * smile)) * (1 - (0.1f * scene.MouthOpen));
        float corner = -mouth.CornerLift - (2.6f * smile);
        float gap = scene.MouthOpen * 5.5f;
        float thin = 1 - (0.18f * MathF.Max(0, smile));
        float upper = mouth.UpperLip * thin;
        float lower = mouth.LowerLip * thin;
        SKPoint P(float x, float y, float lift = 3) => sketch.At(x * width, mouth.Height + y, lift);

        // The line between the lips dips in the middle; an open mouth parts it in two.
        float dip = 0.35f * mouth.Bow;
        SKPoint left = P(-1, corner, 0);
        SKPoint right = P(1, corner, 0);
        SKPoint[] upperEdge =
        [
            left, P(-0.55f, (0.3f * corner) - (gap * 0.3f)), P(0, dip - (gap * 0.35f)), P(0.55f, (0.3f * corner) - (gap * 0.3f)), right,
        ];
        SKPoint[] lowerEdge =
        [
            right, P(0.55f, (0.3f * corner) + (gap * 0.62f)), P(0, dip + (gap * 0.75f)), P(-0.55f, (0.3f * corner) + (gap * 0.62f)), left,
        ];
        SKPoint[] top =
        [
            right, P(0.55f, (0.3f * corner) - (gap * 0.3f) - (upper * mouth.Fullness)), P(mouth.BowWidth, -upper - (gap * 0.35f) - (0.4f * mouth.Bow)),
            P(0, -upper - (gap * 0.35f) + (0.8f * mouth.Bow)), P(-mouth.BowWidth, -upper - (gap * 0.35f) - (0.4f * mouth.Bow)),
            P(-0.55f, (0.3f * corner) - (gap * 0.3f) - (upper * mouth.Fullness)), left,
        ];
        SKPoint[] bottom =
        [
            left, P(-0.6f, (0.4f * corner) + (gap * 0.62f) + (lower * mouth.Fullness)), P(0, lower + (gap * 0.75f)),
            P(0.6f, (0.4f * corner) + (gap * 0.62f) + (lower * mouth.Fullness)), right,
        ];

        if (gap > 0)
        {
            using SKPath inside = SmoothPath.Lens(upperEdge, lowerEdge);
            sketch.Fill(inside, new SKColor(72, 22, 24));
            sketch.Canvas.Save();
            sketch.Canvas.ClipPath(inside, antialias: true);
            sketch.Fill([P(-0.75f, -4), P(0.75f, -4), P(0.66f, (gap * 0.18f) + 0.4f), P(-0.66f, (gap * 0.18f) + 0.4f)], new SKColor(242, 238, 228));
            sketch.Canvas.Restore();
        }

        using (SKPath upperLip = SmoothPath.Lens(upperEdge, top))
        using (SKPath lowerLip = SmoothPath.Lens(lowerEdge, bottom))
        {
            sketch.Fill(upperLip, mouth.Lips.Lit(0.88f));
            sketch.Fill(lowerLip, mouth.Lips);
        }

        sketch.Glow(P(-0.1f, dip + (gap * 0.75f) + (lower * 0.5f), 4), width * 0.4f, lower * 0.4f, 0, new SKColor(255, 235, 225, 90));
        SKColor dark = new(84, 34, 32);
        sketch.Stroke(upperEdge, dark.Faded(0.85f), 0.9f);
        sketch.Glow(left, 2.2f, 2.2f, 0, dark.Faded(0.6f));
        sketch.Glow(right, 2.2f, 2.2f, 0, dark.Faded(0.6f));
        sketch.Glow(P(0, lower + (gap * 0.75f) + 2.2f, 1), width * 0.7f, 2.6f, 0, person.Head.Skin.Lit(0.55f).Faded(0.45f));
        PaintLaughLines(sketch, person, scene, width, corner);
    }

    private static void PaintLaughLines(FaceSketch sketch, FaceIdentity person, FaceNuisance scene, float width, float corner)
    {
        float strength = (person.Head.LaughLine * 0.7f) + (0.35f * MathF.Max(0, scene.Smile));
        if (strength < 0.05f)
        {
            return;
        }

        SKColor line = person.Head.Skin.Lit(0.6f).Faded(MathF.Min(0.75f, strength));
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            sketch.Stroke(
                [
                    sketch.At(side * (person.Nose.WingWidth + 1.5f), person.Nose.TipHeight),
                    sketch.At(side * (width + 2), (person.Nose.TipHeight + person.Mouth.Height) / 2),
                    sketch.At(side * (width + 4.5f), person.Mouth.Height + corner + 1),
                ],
                line, 1);
        }
    }
}
