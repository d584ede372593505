using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis;

/// <summary>
/// Where the head is. A point of the head has x to the right, y down and z towards the viewer, in units of which an image of any size
/// is 112 wide; the origin lies between eyes and mouth, in the plane of the ears. The head turns about an axis under the face's surface,
/// so that, as in images aligned by landmarks, the features stay near their places and the outline moves behind them.
/// </summary>
internal readonly struct HeadPose
{
    /// <summary>Semi-axes of the ellipsoid that the features lie on.</summary>
    public const float RadiusX = 46, RadiusY = 60, RadiusZ = 40;

    private const float CentreY = -4, PivotZ = 27, ViewDistance = 300, ImageX = 56, ImageY = 67.5f, BaseScale = 0.95f;

    private readonly float _sinYaw, _cosYaw, _sinPitch, _cosPitch, _rim, _a, _b, _shiftX, _shiftY;

    /// <summary>Creates a pose.</summary>
    /// <param name="yaw">Radians; positive turns the face to the image's right.</param>
    /// <param name="pitch">Radians; positive looks down.</param>
    /// <param name="roll">Radians, clockwise in the image.</param>
    /// <param name="scale">1 for the usual size.</param>
    /// <param name="shiftX">In head units.</param>
    /// <param name="shiftY">In head units.</param>
    public HeadPose(float yaw, float pitch, float roll, float scale, float shiftX, float shiftY)
    {
        (_sinYaw, _cosYaw) = MathF.SinCos(yaw);
        (_sinPitch, _cosPitch) = MathF.SinCos(pitch);
        _rim = MathF.Sqrt((_cosYaw * _cosYaw) + (RadiusZ * RadiusZ / (RadiusX * RadiusX) * _sinYaw * _sinYaw));
        (float sin, float cos) = MathF.SinCos(roll);
        (_a, _b) = (BaseScale * scale * cos, BaseScale * scale * sin);
        (_shiftX, _shiftY) = (ImageX + shiftX, ImageY + shiftY);
    }

    /// <summary>The face's own axis towards the viewer's left or right: positive where the head's right side is hidden.</summary>
    public float Turn => _sinYaw;

    /// <summary>Draws a moderate pose with the jitter of an imperfect alignment.</summary>
    public static HeadPose Draw(ref CountedRandom random) => new(
        random.Normal(0.2f), random.Normal(0.12f), random.Normal(0.06f), random.Range(0.93f, 1.08f), random.Normal(1.6f), random.Normal(1.6f));

    /// <summary>The height of the bare ellipsoid over the plane of the ears.</summary>
    public static float Surface(float x, float y)
    {
        float u = x / RadiusX;
        float v = (y - CentreY) / RadiusY;
        return RadiusZ * MathF.Sqrt(MathF.Max(0.03f, 1 - (u * u) - (v * v)));
    }

    /// <summary>The slope of the ellipsoid.</summary>
    public static (float X, float Y) Slope(float x, float y)
    {
        float z = Surface(x, y);
        float factor = -RadiusZ * RadiusZ / MathF.Max(z, 0.3f * RadiusZ);
        return (factor * x / (RadiusX * RadiusX), factor * (y - CentreY) / (RadiusY * RadiusY));
    }

    /// <summary>Where a point appears.</summary>
    public SKPoint Project(float x, float y, float z)
    {
        float depth = z - PivotZ;
        float x1 = (x * _cosYaw) + (depth * _sinYaw);
        float z1 = (depth * _cosYaw) - (x * _sinYaw);
        float y1 = (y * _cosPitch) + (z1 * _sinPitch);
        float z2 = (z1 * _cosPitch) - (y * _sinPitch);
        return Place(x1, y1, ViewDistance / (ViewDistance - z2));
    }

    /// <summary>Where a point of the silhouette appears: a head is about as wide from every side, so its rim does not narrow.</summary>
    public SKPoint ProjectRim(float x, float y, float z)
    {
        float depth = z - PivotZ;
        return Place((x * _rim) + (depth * _sinYaw), y + (depth * _sinPitch), ViewDistance / (ViewDistance - depth));
    }

    /// <summary>The point of the ellipsoid seen at a place of the image (approximate: three rounds of substitution).</summary>
    public (float X, float Y) Unproject(float imageX, float imageY)
    {
        float dx = imageX - _shiftX;
        float dy = imageY - _shiftY;
        float norm = (_a * _a) + (_b * _b);
        float u = ((_a * dx) + (_b * dy)) / norm;
        float v = ((_a * dy) - (_b * dx)) / norm;
        float x = u;
        float y = v;
        for (int i = 0; i < 3; i++)
        {
            float depth = Surface(x, y) - PivotZ;
            x = (u - (depth * _sinYaw)) / _cosYaw;
            y = (v - (((depth * _cosYaw) - (x * _sinYaw)) * _sinPitch)) / _cosPitch;
        }

        return (x, y);
    }

    /// <summary>A direction of the head as seen from the camera, before the roll.</summary>
    public (float X, float Y, float Z) Rotate(float x, float y, float z)
    {
        float z1 = (z * _cosYaw) - (x * _sinYaw);
        return ((x * _cosYaw) + (z * _sinYaw), (y * _cosPitch) + (z1 * _sinPitch), (z1 * _cosPitch) - (y * _sinPitch));
    }

    private SKPoint Place(float x, float y, float nearness)
    {
        x *= nearness;
        y *= nearness;
        return new SKPoint(_shiftX + (_a * x) - (_b * y), _shiftY + (_b * x) + (_a * y));
    }
}
