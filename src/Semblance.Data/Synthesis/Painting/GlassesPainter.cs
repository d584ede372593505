using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Glasses and sunglasses.</summary>
internal static class GlassesPainter
{
    /// <summary>Paints a pair; <paramref name="lens"/> fills the lenses.</summary>
    public static void Paint(FaceSketch sketch, FaceIdentity person, GlassesTraits glasses, SKColor lens)
    {
        float y = person.Eyes.Height + glasses.Drop;
        float inset = MathF.Max(person.Eyes.Spacing, glasses.Width + 2.5f);
        Span<SKPoint> ring = stackalloc SKPoint[16];
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int i = 0; i < ring.Length; i++)
            {
                // A superellipse: from an oval to a rounded box.
                (float sin, float cos) = MathF.SinCos(i * MathF.PI / 8);
                float u = MathF.Sign(cos) * MathF.Pow(MathF.Abs(cos), glasses.Roundness);
                float v = MathF.Sign(sin) * MathF.Pow(MathF.Abs(sin), glasses.Roundness);
                ring[i] = sketch.Pose.Project(side * (inset + (u * glasses.Width)), y + (v * glasses.Height), 44);
            }

            using SKPath rim = SmoothPath.Closed(ring);
            sketch.Fill(rim, lens);
            sketch.Stroke(rim, glasses.Frame, glasses.Thickness);
            sketch.Stroke(
                [
                    sketch.Pose.Project(side * (inset + glasses.Width), y - (glasses.Height * 0.4f), 43),
                    sketch.Pose.ProjectRim(side * person.Head.CheekWidth, y - (glasses.Height * 0.3f), 2),
                ],
                glasses.Frame, MathF.Max(1, glasses.Thickness * 0.8f));
        }

        float gap = inset - glasses.Width;
        sketch.Stroke(
            [
                sketch.Pose.Project(-gap, y + glasses.Bridge + 1, 44), sketch.Pose.Project(0, y + glasses.Bridge - 0.8f, 46),
                sketch.Pose.Project(gap, y + glasses.Bridge + 1, 44),
            ],
            glasses.Frame, glasses.Thickness);
    }
}
