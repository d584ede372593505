using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Eyes: white, iris, lids, lashes, crease and bags.</summary>
internal static class EyePainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person, FaceNuisance scene)
    {
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            PaintOne(sketch, person, scene, side);
        }
    }

    private static void PaintOne(FaceSketch sketch, FaceIdentity person, FaceNuisance scene, int side)
    {
        EyeTraits eyes = person.Eyes;
        float width = eyes.Width;
        float upper = eyes.Opening * scene.LidOpen * (1 - (0.18f * MathF.Max(0, scene.Smile)));
        float lower = eyes.Opening * eyes.LowerBow * (1 - (0.3f * MathF.Max(0, scene.Smile))) * MathF.Min(1, scene.LidOpen + 0.2f);
        SKPoint P(float outward, float down) =>
            sketch.At(side * (eyes.Spacing + outward), eyes.Height + down - (eyes.Tilt * outward));

        SKPoint inner = P(-width, 0.6f);
        SKPoint outer = P(width, 0);
        SKPoint[] above =
        [
            inner, P((-0.55f + (0.2f * eyes.Peak)) * width, -0.72f * upper), P(eyes.Peak * width, -upper),
            P((0.6f + (0.2f * eyes.Peak)) * width, -0.66f * upper), outer,
        ];
        SKPoint[] below = [outer, P(0.5f * width, 0.78f * lower), P(-0.05f * width, lower), P(-0.6f * width, 0.66f * lower), inner];
        SKColor skinLine = person.Head.Skin.Lit(0.5f);

        if (eyes.Bags > 0)
        {
            sketch.Stroke(
                [P(-0.75f * width, lower + 1.6f), P(0, lower + 3.4f), P(0.7f * width, lower + 2)], new SKColor(120, 70, 70).Faded(eyes.Bags), 1.3f);
        }

        using (SKPath almond = SmoothPath.Lens(above, below))
        {
            sketch.Fill(almond, new SKColor(240, 234, 230));
            sketch.Canvas.Save();
            sketch.Canvas.ClipPath(almond, antialias: true);
            PaintIris(sketch, eyes, P((side * scene.GazeX) - 0.2f, scene.GazeY - (0.12f * eyes.Opening)));

            // The lid's shadow on the ball, and the pink corner.
            sketch.Stroke(above, new SKColor(40, 24, 22, 120), 2.2f);
            sketch.Dot(inner, 1.5f, new SKColor(206, 130, 120));
            sketch.Canvas.Restore();
        }

        if (eyes.Crease > 0)
        {
            float gap = eyes.Crease + (0.2f * upper);
            sketch.Stroke(
                [P(-0.85f * width, -gap), P(eyes.Peak * width, -upper - gap), P(0.75f * width, (-0.6f * upper) - gap), P(1.05f * width, -0.5f * gap)],
                skinLine.Faded(0.75f), 0.8f);
        }

        sketch.Stroke(below, skinLine.Faded(0.6f), 0.6f);
        sketch.Stroke(above, new SKColor(38, 24, 20), 0.6f + eyes.Lashes);
        if (eyes.Lashes > 1.1f)
        {
            sketch.Stroke([P(0.7f * width, -0.5f * upper), outer, P(1.18f * width, -1.2f)], new SKColor(38, 24, 20), 0.9f);
        }
    }

    private static void PaintIris(FaceSketch sketch, EyeTraits eyes, SKPoint centre)
    {
        float radius = eyes.IrisRadius;
        sketch.Dot(centre, radius, eyes.Iris.Lit(0.5f));
        sketch.Dot(centre, radius * 0.84f, eyes.Iris);
        sketch.Dot(new SKPoint(centre.X, centre.Y + (radius * 0.3f)), radius * 0.5f, eyes.Iris.Lit(1.3f).Faded(0.7f));
        sketch.Dot(centre, radius * 0.42f, new SKColor(12, 10, 10));
        sketch.Dot(new SKPoint(centre.X - (radius * 0.35f), centre.Y - (radius * 0.35f)), radius * 0.24f, new SKColor(255, 255, 255, 230));
    }
}
