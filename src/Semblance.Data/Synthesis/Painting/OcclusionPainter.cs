using Semblance.Data.Synthesis.Traits;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Things in front of the face.</summary>
internal static class OcclusionPainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person, Occlusion occlusion, ref CountedRandom random)
    {
        switch (occlusion)
        {
            case Occlusion.Sunglasses:
                GlassesTraits glasses = GlassesTraits.Draw(ref random);
                GlassesPainter.Paint(sketch, person, glasses, new SKColor(18, 16, 20).Faded(random.Range(0.75f, 0.97f)));
                break;
            case Occlusion.Scarf:
                PaintScarf(sketch, person, ref random);
                break;
            case Occlusion.Hand:
                PaintHand(sketch, person, ref random);
                break;
            case Occlusion.Bar:
                PaintBar(sketch, ref random);
                break;
        }
    }

    private static void PaintScarf(FaceSketch sketch, FaceIdentity person, ref CountedRandom random)
    {
        float top = random.Range(13, 22);
        SKColor color = BackgroundPainter.Color(ref random);
        float width = person.Head.CheekWidth + 3;
        HeadPose pose = sketch.Pose;
        sketch.Fill(
            [
                pose.ProjectRim(-width, top - 4, 2), sketch.At(-20, top, 4), sketch.At(0, top - 2, 7), sketch.At(20, top, 4), pose.ProjectRim(width, top - 4, 2),
                pose.ProjectRim(width + 4, 60, 10), pose.ProjectRim(0, 76, 20), pose.ProjectRim(-width - 4, 60, 10),
            ],
            color);
        for (int i = 0; i < 3; i++)
        {
            float y = top + 7 + (i * random.Range(6, 11));
            sketch.Stroke(
                [pose.ProjectRim(-width, y - 2, 2), sketch.At(-18, y + 2, 4), sketch.At(0, y + 3, 6), sketch.At(18, y + 1, 4), pose.ProjectRim(width, y - 3, 2)],
                color.Lit(i % 2 == 0 ? 0.6f : 1.4f).Faded(0.8f), random.Range(1, 3));
        }
    }

    private static void PaintHand(FaceSketch sketch, FaceIdentity person, ref CountedRandom random)
    {
        float side = random.NextBool(0.5) ? 1 : -1;
        float x = 56 + (side * random.Range(22, 36));
        float y = random.Range(66, 92);
        SKColor skin = person.Head.Skin.Lit(random.Range(0.8f, 0.98f));
        float lean = side * random.Range(-10, 2);
        for (int finger = 0; finger < 4; finger++)
        {
            float from = x + (side * finger * 7.4f) - (side * 8);
            float reach = y - (finger is 0 or 3 ? 2 : 8);
            Span<SKPoint> line = [new(from + (lean * 0.2f), 122), new(from + lean, (reach + 122) / 2), new(from + (lean * 1.6f), reach)];
            sketch.Stroke(line, skin.Lit(0.62f), 8.6f);
            sketch.Stroke(line, skin, 7.2f);
        }
    }

    private static void PaintBar(FaceSketch sketch, ref CountedRandom random)
    {
        using var path = new SKPathBuilder();
        float width = random.Range(14, 34);
        float height = random.Range(14, 34);
        path.AddRect(SKRect.Create(random.Range(4, 108 - width), random.Range(24, 108 - height), width, height), SKPathDirection.Clockwise);
        using SKPath bar = path.Detach();
        sketch.Fill(bar, BackgroundPainter.Color(ref random));
    }
}
