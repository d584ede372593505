using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Curves through given points (Catmull–Rom splines as cubic Bézier curves). The caller disposes of the paths.</summary>
internal static class SmoothPath
{
    /// <summary>A smooth closed curve.</summary>
    public static SKPath Closed(ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        int count = points.Length;
        builder.MoveTo(points[0]);
        for (int i = 0; i < count; i++)
        {
            Curve(builder, points[(i + count - 1) % count], points[i], points[(i + 1) % count], points[(i + 2) % count]);
        }

        builder.Close();
        return builder.Detach();
    }

    /// <summary>A smooth open curve.</summary>
    public static SKPath Open(ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(points[0]);
        Append(builder, points);
        return builder.Detach();
    }

    /// <summary>A closed shape of two curves with corners where they meet: there along the first, back along the second.</summary>
    public static SKPath Lens(ReadOnlySpan<SKPoint> there, ReadOnlySpan<SKPoint> back)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(there[0]);
        Append(builder, there);
        builder.LineTo(back[0]);
        Append(builder, back);
        builder.Close();
        return builder.Detach();
    }

    private static void Append(SKPathBuilder builder, ReadOnlySpan<SKPoint> points)
    {
        for (int i = 0; i + 1 < points.Length; i++)
        {
            Curve(builder, points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
        }
    }

    private static void Curve(SKPathBuilder builder, SKPoint before, SKPoint from, SKPoint to, SKPoint after) => builder.CubicTo(
        new SKPoint(from.X + ((to.X - before.X) / 6), from.Y + ((to.Y - before.Y) / 6)),
        new SKPoint(to.X - ((after.X - from.X) / 6), to.Y - ((after.Y - from.Y) / 6)),
        to);
}
