using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Neck, clothes, ears and the skin of the face.</summary>
internal static class HeadPainter
{
    /// <summary>The outline of the face, clockwise from the top of the skull.</summary>
    public static SKPath Outline(FaceSketch sketch, HeadTraits head)
    {
        Span<SKPoint> ring = stackalloc SKPoint[14];
        ReadOnlySpan<(float X, float Y, float Z)> right =
        [
            (head.TempleWidth * 0.62f, head.SkullTop + 6, 0),
            (head.TempleWidth, -32, 0),
            (head.CheekWidth, head.CheekHeight, 2),
            (head.JawWidth, head.JawHeight, 8),
            (head.ChinWidth + ((head.JawWidth - head.ChinWidth) * 0.42f), head.JawHeight + ((head.ChinHeight - head.JawHeight) * 0.62f), 14),
            (head.ChinWidth * 0.72f, head.ChinHeight - 1.4f, 18),
        ];
        ring[0] = sketch.Pose.ProjectRim(0, head.SkullTop, 0);
        ring[7] = sketch.Pose.ProjectRim(0, head.ChinHeight, 19);
        for (int i = 0; i < right.Length; i++)
        {
            (float x, float y, float z) = right[i];
            ring[1 + i] = sketch.Pose.ProjectRim(x, y, z);
            ring[13 - i] = sketch.Pose.ProjectRim(-x, y, z);
        }

        return SmoothPath.Closed(ring);
    }

    public static void PaintNeckAndClothes(FaceSketch sketch, HeadTraits head, SKColor clothes, float collar)
    {
        HeadPose pose = sketch.Pose;
        float width = head.NeckWidth;
        sketch.Fill(
            [
                pose.ProjectRim(-width, 10, 0), pose.ProjectRim(width, 10, 0), pose.ProjectRim(width * 0.98f, 40, 4),
                pose.ProjectRim(width * 1.5f, 90, 8), pose.ProjectRim(-width * 1.5f, 90, 8), pose.ProjectRim(-width * 0.98f, 40, 4),
            ],
            head.Skin.Lit(0.8f));
        sketch.Glow(pose.ProjectRim(0, head.ChinHeight + 1, 6), width * 1.5f, 15, 0, new SKColor(70, 36, 28, 170));
        sketch.Fill(
            [
                pose.ProjectRim(-width * 1.05f, collar - 6, 4), pose.ProjectRim(-width * 0.5f, collar + 5, 12), pose.ProjectRim(0, collar + 10, 16),
                pose.ProjectRim(width * 0.5f, collar + 5, 12), pose.ProjectRim(width * 1.05f, collar - 6, 4), pose.ProjectRim(64, collar + 8, 0),
                pose.ProjectRim(90, 110, 0), pose.ProjectRim(-90, 110, 0), pose.ProjectRim(-64, collar + 8, 0),
            ],
            clothes);
    }

    public static void PaintEars(FaceSketch sketch, HeadTraits head)
    {
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            float x = head.CheekWidth * 0.96f;
            float top = head.EarHeight - (head.EarSize * 0.55f);
            SKPoint P(float outward, float down) => sketch.Pose.ProjectRim(side * (x + outward), top + down, -9);
            float size = head.EarSize;
            float spread = head.EarSpread;
            SKPoint[] rim =
            [
                P(-2, 0.1f * size), P(spread + 1.6f, -0.12f * size), P(spread + 3, 0.5f * size), P(spread + 1, 1.25f * size), P(0.6f, 2 * size), P(-3, 1.9f * size),
            ];
            sketch.Fill(rim, head.Skin.Lit(0.93f));
            sketch.Glow(P(spread * 0.5f, 0.8f * size), 2.2f + (spread * 0.3f), size * 0.6f, 0, new SKColor(120, 52, 40, 120));
            sketch.Stroke(rim.AsSpan(0, 5), head.Skin.Lit(0.68f).Faded(0.7f), 0.7f);
        }
    }

    public static void PaintSkin(FaceSketch sketch, FaceIdentity person, SKPath outline)
    {
        HeadTraits head = person.Head;
        sketch.Fill(outline, head.Skin);
        sketch.Canvas.Save();
        sketch.Canvas.ClipPath(outline, antialias: true);

        // Blood shows in cheeks, nose and chin; the sockets are darker.
        var flush = new SKColor(214, 92, 78);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            sketch.Glow(sketch.At(side * 22, 6), 15, 11, 0, flush.Faded(0.24f));
            sketch.Glow(
                sketch.At(side * person.Eyes.Spacing, person.Eyes.Height - 1.5f), person.Eyes.Width * 1.6f, 8.5f, 0,
                new SKColor(120, 66, 54).Faded(0.1f + (0.06f * person.Eyes.Depth)));
        }

        sketch.Glow(sketch.At(0, person.Nose.TipHeight, person.Nose.TipLift), 8, 6, 0, flush.Faded(0.2f));
        sketch.Glow(sketch.At(0, head.ChinHeight - 6), 10, 7, 0, flush.Faded(0.12f));
        if (head.ForeheadLine > 0)
        {
            for (int i = 0; i < 2; i++)
            {
                float y = -31 - (i * 4.2f);
                sketch.Stroke(
                    [sketch.At(-15, y + 1), sketch.At(-6, y - 0.5f), sketch.At(6, y - 0.5f), sketch.At(15, y + 1)],
                    head.Skin.Lit(0.6f).Faded(head.ForeheadLine), 0.7f);
            }
        }

        sketch.Canvas.Restore();
    }
}
