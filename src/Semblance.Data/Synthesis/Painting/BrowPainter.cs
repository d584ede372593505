using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Eyebrows: a tapering arch with a few hairs.</summary>
internal static class BrowPainter
{
    public static void Paint(FaceSketch sketch, FaceIdentity person, FaceNuisance scene)
    {
        BrowTraits brows = person.Brows;
        SKColor color = person.Hair.Color.Lit(brows.Darkness).Mix(new SKColor(60, 42, 34), 0.35f);
        Span<SKPoint> top = stackalloc SKPoint[5];
        Span<SKPoint> bottom = stackalloc SKPoint[5];
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int i = 0; i < 5; i++)
            {
                float t = i / 4f;
                float bow = t < brows.ArchPlace ? t / brows.ArchPlace : (1 - t) / (1 - brows.ArchPlace);
                float x = brows.Inner + (t * brows.Length);
                float y = person.Eyes.Height - brows.Gap - scene.BrowRaise - (brows.Arch * MathF.Sin(bow * MathF.PI / 2))
                    + ((brows.Angle + scene.BrowFrown) * (t - 0.5f) * -brows.Length) + (t * t * 2.2f);
                float half = brows.Thickness * 0.5f * (1 - (brows.Taper * t)) * MathF.Min(1, 0.65f + (2 * t));
                top[i] = sketch.At(side * x, y - half, 1);
                bottom[4 - i] = sketch.At(side * (x + 0.6f), y + half, 1);
            }

            using SKPath shape = SmoothPath.Lens(top, bottom);
            sketch.Fill(shape, color.Faded(brows.Density), 0.35f);
            for (int i = 0; i < 4; i++)
            {
                SKPoint root = bottom[4 - i];
                SKPoint tip = top[i + 1];
                sketch.Stroke([root, tip], color.Lit(0.7f).Faded(0.5f * brows.Density), 0.5f);
            }
        }
    }
}
