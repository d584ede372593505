using Semblance.Data.Synthesis.Traits;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Moles, freckles and a scar.</summary>
internal static class MarkPainter
{
    public static void Paint(FaceSketch sketch, MarkTraits marks)
    {
        foreach (Mark freckle in marks.Freckles)
        {
            sketch.Dot(sketch.At(freckle.X, freckle.Y), freckle.Radius, new SKColor(160, 92, 56).Faded(freckle.Opacity));
        }

        foreach (Mark mole in marks.Moles)
        {
            sketch.Dot(sketch.At(mole.X, mole.Y), mole.Radius, new SKColor(70, 38, 28).Faded(mole.Opacity));
        }

        if (marks.Scar is { } scar)
        {
            (float sin, float cos) = MathF.SinCos(marks.ScarAngle);
            Span<SKPoint> line =
            [
                sketch.At(scar.X - (cos * scar.Radius), scar.Y - (sin * scar.Radius)),
                sketch.At(scar.X + (sin * 0.8f), scar.Y - (cos * 0.8f)),
                sketch.At(scar.X + (cos * scar.Radius), scar.Y + (sin * scar.Radius)),
            ];
            sketch.Stroke(line, new SKColor(150, 70, 64).Faded(scar.Opacity), 1.7f);
            sketch.Stroke(line, new SKColor(250, 222, 208).Faded(scar.Opacity), 0.7f);
        }
    }
}
