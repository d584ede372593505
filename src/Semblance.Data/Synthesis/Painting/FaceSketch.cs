using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>A canvas in head units with a pose: draws smooth shapes through points of the head.</summary>
internal sealed class FaceSketch : IDisposable
{
    private readonly SKPaint _fill = new() { IsAntialias = true, Style = SKPaintStyle.Fill };
    private readonly SKPaint _stroke = new()
    {
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    /// <summary>Wraps a canvas whose units are head units.</summary>
    public FaceSketch(SKCanvas canvas, HeadPose pose) => (Canvas, Pose) = (canvas, pose);

    public SKCanvas Canvas { get; }

    public HeadPose Pose { get; }

    /// <summary>The place of a point on the face, <paramref name="lift"/> above the ellipsoid.</summary>
    public SKPoint At(float x, float y, float lift = 0) => Pose.Project(x, y, HeadPose.Surface(x, y) + lift);

    /// <summary>Fills a path.</summary>
    public void Fill(SKPath path, SKColor color, float blur = 0)
    {
        _fill.Color = color;
        using SKMaskFilter? filter = blur > 0 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur) : null;
        _fill.MaskFilter = filter;
        Canvas.DrawPath(path, _fill);
        _fill.MaskFilter = null;
    }

    /// <summary>Fills the smooth closed curve through the points.</summary>
    public void Fill(ReadOnlySpan<SKPoint> points, SKColor color, float blur = 0)
    {
        using SKPath path = SmoothPath.Closed(points);
        Fill(path, color, blur);
    }

    /// <summary>Strokes a path.</summary>
    public void Stroke(SKPath path, SKColor color, float width)
    {
        _stroke.Color = color;
        _stroke.StrokeWidth = width;
        Canvas.DrawPath(path, _stroke);
    }

    /// <summary>Strokes the smooth open curve through the points.</summary>
    public void Stroke(ReadOnlySpan<SKPoint> points, SKColor color, float width)
    {
        using SKPath path = SmoothPath.Open(points);
        Stroke(path, color, width);
    }

    /// <summary>A filled circle.</summary>
    public void Dot(SKPoint centre, float radius, SKColor color)
    {
        _fill.Color = color;
        Canvas.DrawCircle(centre, radius, _fill);
    }

    /// <summary>A filled ellipse, turned by <paramref name="degrees"/>.</summary>
    public void Ellipse(SKPoint centre, float radiusX, float radiusY, float degrees, SKColor color)
    {
        Canvas.Save();
        Canvas.Translate(centre.X, centre.Y);
        Canvas.RotateDegrees(degrees);
        _fill.Color = color;
        Canvas.DrawOval(0, 0, radiusX, radiusY, _fill);
        Canvas.Restore();
    }

    /// <summary>A soft spot: full in the middle, nothing at the rim.</summary>
    public void Glow(SKPoint centre, float radiusX, float radiusY, float degrees, SKColor color)
    {
        Canvas.Save();
        Canvas.Translate(centre.X, centre.Y);
        Canvas.RotateDegrees(degrees);
        Canvas.Scale(radiusX, radiusY);
        using SKShader shader = SKShader.CreateRadialGradient(
            default, 1, [color, color.WithAlpha((byte)(color.Alpha / 2)), color.WithAlpha(0)], [0, 0.5f, 1], SKShaderTileMode.Clamp);
        _fill.Color = SKColors.Black;
        _fill.Shader = shader;
        Canvas.DrawCircle(0, 0, 1, _fill);
        _fill.Shader = null;
        Canvas.Restore();
    }

    /// <summary>Fills a path with a gradient between two points.</summary>
    public void FillGradient(SKPath path, SKPoint from, SKPoint to, SKColor first, SKColor last)
    {
        using SKShader shader = SKShader.CreateLinearGradient(from, to, [first, last], SKShaderTileMode.Clamp);
        _fill.Color = SKColors.Black;
        _fill.Shader = shader;
        Canvas.DrawPath(path, _fill);
        _fill.Shader = null;
    }

    public void Dispose()
    {
        _fill.Dispose();
        _stroke.Dispose();
    }
}
