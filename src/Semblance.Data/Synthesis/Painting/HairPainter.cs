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
            sketch.Stroke([new(bun.X - (hair.Bun * 0.6f), bun.Y), new(bun.X, bun.Y - (hair.Bun * 0.5f)), new(bun.X + (hair.Bun * 0.6f), bun.Y)], hair.Color, 1.4f);
        }

        if (hair.BackLength <= 0)
        {
            return;
        }

        float width = head.CheekWidth + ((hair.BackWidth + hair.SideVolume) * scene.HairVolume);
        float end = hair.BackLength;
        Span<SKPoint> ring = stackalloc SKPoint[14];
        for (int i = 0; i < 7; i++)
        {
            float t = i / 6f;
            float y = -34 + (t * (end + 34));
            float wave = hair.Curl * MathF.Sin((i * 2.1f) + scene.HairPhase + hair.CurlCount);
            float x = width * (0.86f + (0.14f * MathF.Sin(t * MathF.PI * 0.8f))) * (i == 6 ? 0.82f : 1);
            ring[i] = pose.ProjectRim(x + wave, y, -14);
            ring[13 - i] = pose.ProjectRim(-x + wave, y, -14);
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
            float up = MathF.Cos(angle);
            float volume = (hair.SideVolume + ((hair.TopVolume - hair.SideVolume) * up)) * scene.HairVolume;
            volume += hair.Curl * MathF.Sin((t * hair.CurlCount) + scene.HairPhase);
            volume += hair.Sweep * 0.35f * t * up;
            float x = MathF.Sin(angle) * (head.TempleWidth + 0.8f + volume);
            float y = hair.SideLength + (up * (head.SkullTop - volume - hair.SideLength));
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
        float sideX = head.TempleWidth * 0.97f;
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

            points[i] = Lay(sketch, MathF.Sign(t) * x, y, a);
        }

        // Near the sideburns the hair lies at the rim, in front it lies on the forehead.
        static SKPoint Lay(FaceSketch sketch, float x, float y, float a)
        {
            SKPoint front = sketch.At(x, y, 1);
            SKPoint rim = sketch.Pose.ProjectRim(x, y, 4);
            float w = Math.Clamp((a - 0.6f) / 0.4f, 0, 1);
            return new SKPoint(front.X + ((rim.X - front.X) * w), front.Y + ((rim.Y - front.Y) * w));
        }
    }

    private static void PaintStrands(FaceSketch sketch, FaceIdentity person, ReadOnlySpan<SKPoint> outer, ReadOnlySpan<SKPoint> inner, ref CountedRandom random)
    {
        HairTraits hair = person.Hair;
        SKPoint root = sketch.Pose.ProjectRim(hair.Part, person.Head.SkullTop + 3, 8);
        for (int i = 0; i < Steps; i++)
        {
            SKPoint end = inner[i];
            SKPoint bow = outer[Steps - 1 - i];
            var middle = new SKPoint(
                (root.X * 0.35f) + (bow.X * 0.3f) + (end.X * 0.35f) + random.Range(-1.5f, 1.5f),
                (root.Y * 0.35f) + (bow.Y * 0.3f) + (end.Y * 0.35f) + random.Range(-1.5f, 1.5f));
            SKColor color = (i % 2 == 0 ? hair.Color.Lit(0.62f) : hair.Color.Lit(1.4f).Mix(SKColors.White, 0.06f)).Faded(hair.Contrast * hair.Cover);
            sketch.Stroke([root, middle, end], color, 0.8f + (0.5f * hair.Curl));
        }
    }
}
