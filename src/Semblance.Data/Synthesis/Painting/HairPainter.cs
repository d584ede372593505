using Semblance.Data.Synthesis.Traits;
using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Hair: a mass behind the head, a cap between outline and hairline, strands.</summary>
internal static class HairPainter
{
    private const int Steps = 25;

    /// <summary>Long hair and a bun, painted before the head.</summary>
    public static void PaintBack(FaceSketch sketch, FaceIdentity person, FaceNuisance scene)
    {
        HairTraits hair = person.Hair;
        HeadTraits head = person.Head;
        HeadPose pose = sketch.Pose;
        SKColor color = hair.Color.Lit(0.72f);
        if (hair.Bun > 0)
        {
            SKPoint bun = pose.ProjectRim(hair.Part * 0.2f, head.SkullTop - hair.TopVolume - (hair.Bun * 0.35f), -6);
            sketch.Dot(bun, hair.Bun, color);
            sketch.Stroke(
                [new(bun.X - (hair.Bun * 0.6f), bun.Y), new(bun.X, bun.Y - (hair.Bun * 0.5f)), new(bun.X + (hair.Bun * 0.6f), bun.Y)],
                hair.Color, 1.4f);
        }

        if (hair.BackLength <= 0)
        {
            return;
        }

        float width = head.CheekWidth + ((hair.BackWidth + hair.SideVolume) * scene.HairVolume);
        float end = hair.BackLength;
        float top = head.SkullTop - (hair.TopVolume * 0.6f);
        Span<SKPoint> ring = stackalloc SKPoint[16];
        for (int i = 0; i < 8; i++)
        {
            // Down the side from near the crown: first the round of the skull, then the fall of the hair.
            float t = i / 7f;
            float y = top + (t * (end - top));
            float round = MathF.Min(1, 1.15f * MathF.Sqrt(MathF.Max(0.02f, (y - top) / (16 - top))));
            float wave = hair.Curl * MathF.Sin((i * 2.1f) + scene.HairPhase + hair.CurlCount);
            float x = (width * round * (i == 7 ? 0.8f : 1)) + (i == 0 ? 6 : 0);
            ring[i] = pose.ProjectRim(x + wave, y, -10);
            ring[15 - i] = pose.ProjectRim(-x + wave, y, -10);
        }

        sketch.Fill(ring, color);
    }

    /// <summary>The cap of hair, painted over the face.</summary>
    public static void PaintFront(FaceSketch sketch, FaceIdentity person, FaceNuisance scene, ref CountedRandom random)
    {
        HairTraits hair = person.Hair;
        if (hair.Cover <= 0)
        {
            return;
        }

        Span<SKPoint> outer = stackalloc SKPoint[Steps];
        Span<SKPoint> inner = stackalloc SKPoint[Steps];
        Contour(sketch.Pose, person, scene, outer);
        Hairline(sketch, person, scene, inner);
        SKColor color = hair.Color;
        using (SKPath cap = SmoothPath.Lens(outer, inner))
        {
            // A soft shadow on the forehead first, then the hair, lighter where it faces up.
            sketch.Stroke(inner, new SKColor(60, 30, 22).Faded(0.2f * hair.Cover), 3);
            sketch.FillGradient(
                cap, sketch.Pose.ProjectRim(0, person.Head.SkullTop - 6, 0), sketch.Pose.ProjectRim(0, 4, 0),
                color.Lit(1.14f).Faded(hair.Cover), color.Lit(0.84f).Faded(hair.Cover));
            sketch.Canvas.Save();
            sketch.Canvas.ClipPath(cap, antialias: true);
            PaintStrands(sketch, person, outer, inner, ref random);
            sketch.Canvas.Restore();
        }
    }

    // From the left sideburn over the crown to the right one.
    private static void Contour(HeadPose pose, FaceIdentity person, FaceNuisance scene, Span<SKPoint> points)
    {
        HairTraits hair = person.Hair;
        HeadTraits head = person.Head;
        for (int i = 0; i < points.Length; i++)
        {
            float t = (i / (Steps - 1f) * 2) - 1;
            float angle = t * MathF.PI * 0.5f;
            float up = MathF.Max(0, MathF.Cos(angle));
            float volume = (hair.SideVolume + ((hair.TopVolume - hair.SideVolume) * up)) * scene.HairVolume;
            volume += hair.Curl * MathF.Sin((t * hair.CurlCount) + scene.HairPhase);
            volume += hair.Sweep * 0.35f * t * up;
            float width = head.CheekWidth + ((head.TempleWidth - head.CheekWidth) * up);
            float side = MathF.Sin(angle);
            float x = MathF.Sign(side) * MathF.Pow(MathF.Abs(side), 0.78f) * (width + 1.2f + volume);
            float y = hair.SideLength + (MathF.Pow(up, 0.75f) * (head.SkullTop - volume - hair.SideLength));
            points[i] = pose.ProjectRim(x, y, -1 + (2 * up));
        }
    }

    // From the right sideburn along the hairline to the left one.
    private static void Hairline(FaceSketch sketch, FaceIdentity person, FaceNuisance scene, Span<SKPoint> points)
    {
        HairTraits hair = person.Hair;
        HeadTraits head = person.Head;
        float centre = hair.Fringe ? hair.FringeLength : hair.HairlineCentre;
        float corner = hair.Fringe ? hair.FringeLength + 3 : hair.HairlineTemple;
        float sideX = MathF.Max(head.TempleWidth, head.CheekWidth) * 0.97f;
        float templeX = head.TempleWidth * hair.TempleWidth;
        for (int i = 0; i < points.Length; i++)
        {
            float t = 1 - (i / (Steps - 1f) * 2);
            float a = MathF.Abs(t);
            float x;
            float y;
            if (a > 0.6f)
            {
                float s = (a - 0.6f) / 0.4f;
                x = templeX + ((sideX - templeX) * MathF.Sqrt(s));
                y = corner + ((hair.SideLength - corner) * s);
            }
            else
            {
                float s = a / 0.6f;
                x = templeX * s;
                y = centre + ((corner - centre) * s * s) + (hair.Peak * MathF.Max(0, 1 - (s * 3)));
                y += hair.Sweep * 0.5f * MathF.Sign(t) * s * (1 - s) * 3;
                y += (hair.Fringe ? hair.FringeTeeth : 0.5f) * MathF.Sin((i * 2.4f) + (hair.CurlCount * 3) + (scene.HairPhase * 0.4f));
            }

            // In front the hair lies on the forehead, near the sideburns at the rim.
            x *= MathF.Sign(t);
            points[i] = Between(sketch.At(x, y, 1), sketch.Pose.ProjectRim(x, y, 4), Math.Clamp((a - 0.6f) / 0.4f, 0, 1));
        }
    }

    private static void PaintStrands(
        FaceSketch sketch, FaceIdentity person, ReadOnlySpan<SKPoint> outer, ReadOnlySpan<SKPoint> inner, ref CountedRandom random)
    {
        HairTraits hair = person.Hair;
        SKPoint root = sketch.Pose.ProjectRim(hair.Part, person.Head.SkullTop + 3, 8);
        SKColor dark = hair.Color.Lit(0.62f);
        SKColor bright = hair.Color.Lit(1.4f).Mix(SKColors.White, 0.06f);
        for (int i = 0; i < Steps; i++)
        {
            SKColor color = (i % 2 == 0 ? dark : bright).Faded(hair.Contrast * hair.Cover);
            float width = 0.8f + (0.5f * hair.Curl);
            SKPoint bow = outer[Steps - 1 - i];
            PaintStrand(sketch, root, bow, inner[i], 0.3f, color, width, ref random);
            if (i % 2 == 1)
            {
                PaintStrand(sketch, root, bow, Between(inner[i], bow, 0.75f), 0.45f, color.WithAlpha((byte)(color.Alpha * 0.7f)), width,
                    ref random);
            }
        }
    }

    private static void PaintStrand(
        FaceSketch sketch, SKPoint root, SKPoint bow, SKPoint end, float bend, SKColor color, float width, ref CountedRandom random)
    {
        SKPoint middle = Between(Between(root, end, 0.5f), bow, bend);
        middle.Offset(random.Range(-1.5f, 1.5f), random.Range(-1.5f, 1.5f));
        sketch.Stroke([root, middle, end], color, width);
    }

    private static SKPoint Between(SKPoint from, SKPoint to, float t) =>
        new(from.X + ((to.X - from.X) * t), from.Y + ((to.Y - from.Y) * t));
}
