using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>What is behind the person: a gradient, with out-of-focus spots, bars or slanting stripes.</summary>
internal static class BackgroundPainter
{
    /// <summary>Any colour, from dull to strong.</summary>
    public static SKColor Color(ref CountedRandom random) =>
        SKColor.FromHsv(random.Range(0, 360), random.Range(5, 75), random.Range(15, 98));

    public static void Paint(FaceSketch sketch, ref CountedRandom random)
    {
        SKColor first = Color(ref random);
        SKColor last = random.NextBool(0.4) ? Color(ref random) : first.Lit(random.Range(0.5f, 1.2f));
        float angle = random.Range(0, MathF.Tau);
        (float sin, float cos) = MathF.SinCos(angle);
        using (SKPath all = Rectangle(-8, -8, 128, 128))
        {
            sketch.FillGradient(all, new SKPoint(56 - (56 * cos), 56 - (56 * sin)), new SKPoint(56 + (56 * cos), 56 + (56 * sin)), first, last);
        }

        int kind = random.NextInt(4);
        int count = kind == 0 ? 0 : 3 + random.NextInt(5);
        for (int i = 0; i < count; i++)
        {
            SKColor color = Color(ref random).Faded(random.Range(0.25f, 0.85f));
            float x = random.Range(0, 112);
            float y = random.Range(0, 112);
            float size = random.Range(6, 30);
            switch (kind)
            {
                case 1:
                    sketch.Glow(new SKPoint(x, y), size * 1.4f, size * 1.4f, 0, color);
                    break;
                case 2:
                    using (SKPath bar = Rectangle(x, random.NextBool(0.6) ? -8 : y, size, 128))
                    {
                        sketch.Fill(bar, color);
                    }

                    break;
                default:
                    sketch.Stroke([new SKPoint(x - (80 * sin), y - (80 * cos)), new SKPoint(x + (80 * sin), y + (80 * cos))], color, size * 0.4f);
                    break;
            }
        }
    }

    private static SKPath Rectangle(float x, float y, float width, float height)
    {
        using var builder = new SKPathBuilder();
        builder.AddRect(SKRect.Create(x, y, width, height), SKPathDirection.Clockwise);
        return builder.Detach();
    }
}
