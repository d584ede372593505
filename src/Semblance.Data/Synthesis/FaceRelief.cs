using Semblance.Data.Synthesis.Traits;

namespace Semblance.Data.Synthesis;

/// <summary>
/// The height of the face over the ellipsoid as a sum of smooth bumps, h·(1 − r²)² inside an ellipse each, and the light that the
/// surface returns (Lambert's law with an ambient term). Light therefore falls on each person's own nose, brow, cheeks and chin.
/// </summary>
internal sealed class FaceRelief
{
    private readonly FaceNuisance _scene;
    private readonly Bump[] _bumps;
    private int _count;

    private readonly record struct Bump(float X, float Y, float InverseX, float InverseY, float Height);

    /// <summary>Raises the relief of a person with the expression of an image.</summary>
    public FaceRelief(FaceIdentity person, FaceNuisance scene)
    {
        _scene = scene;
        _bumps = new Bump[40];
        (HeadTraits head, EyeTraits eyes, NoseTraits nose, MouthTraits mouth) = (person.Head, person.Eyes, person.Nose, person.Mouth);
        float smile = MathF.Max(0, scene.Smile);

        float span = nose.TipHeight - eyes.Height;
        Add(0, eyes.Height + (0.3f * span), nose.BridgeWidth * 1.5f, span * 0.75f, nose.BridgeLift);
        Add(nose.Bend * 0.5f, eyes.Height + (nose.HumpPlace * span), nose.BridgeWidth * 1.2f, span * 0.3f, nose.Hump);
        Add(nose.Bend, nose.TipHeight, nose.TipRadius * 1.5f, nose.TipRadius * 1.35f, nose.TipLift * 0.75f);
        Add(nose.Bend, nose.TipHeight - 5, nose.TipRadius * 1.2f, 10, nose.TipLift * 0.4f);
        Add(0, head.ChinHeight - 7, head.ChinWidth * 0.9f + 3, 9, head.ChinBoss);
        Add(0, head.ChinHeight - 6, 2.2f, 6, -head.ChinCleft);
        Add(0, mouth.Height - mouth.UpperLip - 0.5f, mouth.Width * 1.1f, 5.5f, 1.6f + (0.25f * mouth.UpperLip));
        Add(0, mouth.Height + (mouth.LowerLip * 0.55f), mouth.Width * 0.9f, 3 + (mouth.LowerLip * 0.7f), 0.8f + (0.35f * mouth.LowerLip));
        Add(0, mouth.Height + mouth.LowerLip + 4.5f, 11, 4.2f, -1.5f);
        Add(0, (nose.TipHeight + mouth.Height) / 2, 2.4f, 6, -0.7f);
        for (int side = -1; side <= 1; side += 2)
        {
            Add(side * nose.WingWidth * 0.72f + nose.Bend, nose.TipHeight + 0.5f, nose.WingSize * 1.25f, nose.WingSize * 1.15f, 3.2f);
            Add(side * eyes.Spacing * 0.98f, eyes.Height - 1, eyes.Width * 1.65f, 11, -eyes.Depth - 0.8f);
            Add(side * eyes.Spacing, eyes.Height, eyes.Width * 1.15f, eyes.Opening * 1.7f, 2.2f);
            Add(side * (eyes.Spacing - 1), eyes.Height - person.Brows.Gap, 17, 7.5f, head.BrowRidge);
            Add(side * 26, head.CheekHeight * 0.5f + 2 - (1.5f * smile), 15, 11, head.Cheekbone + (1.6f * smile));
            Add(side * 15, 9 - (2 * smile), 11, 9, 0.8f + (1.8f * smile));
            Add(side * 28, 19, 12, 15, -head.CheekHollow);
            Add(side * (mouth.Width + 4.5f), (nose.TipHeight + mouth.Height) / 2, 3.2f, 11, -head.LaughLine * 1.6f - (0.9f * smile));
        }
    }

    /// <summary>Fills a grid over the image with the light returned, as opaque RGBA.</summary>
    /// <param name="pixels">size × size × 4 bytes.</param>
    /// <param name="size">Points per side; the grid spans 112 units.</param>
    public void Shade(Span<byte> pixels, int size)
    {
        FaceNuisance scene = _scene;
        HeadPose pose = scene.Pose;
        float step = 112f / size;
        float level = 235 / MathF.Max(1, 0.75f * (scene.Ambient + scene.Diffuse));
        for (int row = 0, at = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++, at += 4)
            {
                (float x, float y) = pose.Unproject((column + 0.5f) * step, (row + 0.5f) * step);
                (float slopeX, float slopeY) = Slope(x, y);
                float norm = 1 / MathF.Sqrt(1 + (slopeX * slopeX) + (slopeY * slopeY));
                (float nx, float ny, float nz) = pose.Rotate(-slopeX * norm, -slopeY * norm, norm);
                float facing = (nx * scene.LightX) + (ny * scene.LightY) + (nz * scene.LightZ);
                float direct = scene.Diffuse * MathF.Max(0, (facing + 0.12f) / 1.12f);
                float around = scene.Ambient * (0.8f - (0.2f * ny)) * (0.7f + (0.3f * MathF.Max(0, nz)));
                pixels[at] = Level(direct, around, scene.LightTint.Red, scene.ShadowTint.Red, level);
                pixels[at + 1] = Level(direct, around, scene.LightTint.Green, scene.ShadowTint.Green, level);
                pixels[at + 2] = Level(direct, around, scene.LightTint.Blue, scene.ShadowTint.Blue, level);
                pixels[at + 3] = 255;
            }
        }
    }

    private static byte Level(float direct, float around, byte light, byte shadow, float level) =>
        (byte)MathF.Min(255, ((direct * light) + (around * shadow)) * (level / 255f));

    private (float X, float Y) Slope(float x, float y)
    {
        (float slopeX, float slopeY) = HeadPose.Slope(x, y);
        foreach (ref readonly Bump bump in _bumps.AsSpan(0, _count))
        {
            float u = (x - bump.X) * bump.InverseX;
            float v = (y - bump.Y) * bump.InverseY;
            float inside = 1 - (u * u) - (v * v);
            if (inside > 0)
            {
                float factor = -4 * bump.Height * inside;
                slopeX += factor * u * bump.InverseX;
                slopeY += factor * v * bump.InverseY;
            }
        }

        return (slopeX, slopeY);
    }

    private void Add(float x, float y, float radiusX, float radiusY, float height) =>
        _bumps[_count++] = new Bump(x, y, 1 / radiusX, 1 / radiusY, height);
}
