using Semblance.Numerics;
using SkiaSharp;

namespace Semblance.Data.Synthesis;

/// <summary>What hides a part of the face in some images.</summary>
internal enum Occlusion
{
    None,
    Sunglasses,
    Scarf,
    Hand,
    Bar,
}

/// <summary>
/// Everything that differs between two images of one person, drawn from (seed, identity, image). Angles in radians, colours and lights
/// as factors of each channel.
/// </summary>
internal sealed record FaceNuisance
{
    private const ulong Purpose = 0x5CE4E;

    public required HeadPose Pose { get; init; }
    public required float LightX { get; init; }
    public required float LightY { get; init; }
    public required float LightZ { get; init; }
    public required float Diffuse { get; init; }
    public required float Ambient { get; init; }
    public required SKColor LightTint { get; init; }
    public required SKColor ShadowTint { get; init; }
    public required float Smile { get; init; }
    public required float MouthOpen { get; init; }
    public required float BrowRaise { get; init; }
    public required float BrowFrown { get; init; }
    public required float LidOpen { get; init; }
    public required float GazeX { get; init; }
    public required float GazeY { get; init; }
    public required float HairVolume { get; init; }
    public required float HairPhase { get; init; }
    public required bool WearsGlasses { get; init; }
    public required Occlusion Occlusion { get; init; }
    public required SensorSettings Sensor { get; init; }

    /// <summary>A generator for whatever else this image draws: background, clothes, strands of hair.</summary>
    public required CountedRandom Details { get; init; }

    /// <summary>Draws the circumstances of one image.</summary>
    public static FaceNuisance Draw(ulong seed, int identity, int image, FaceIdentity person)
    {
        var random = new CountedRandom(seed, Purpose, (ulong)identity, (ulong)image);
        var pose = HeadPose.Draw(ref random);
        float azimuth = random.Range(-1.25f, 1.25f);
        float elevation = random.Range(-0.35f, 1.1f);
        float smile = random.Range(-0.35f, 1);
        return new FaceNuisance
        {
            Pose = pose,
            LightX = MathF.Sin(azimuth) * MathF.Cos(elevation),
            LightY = -MathF.Sin(elevation),
            LightZ = MathF.Cos(azimuth) * MathF.Cos(elevation),
            Diffuse = random.Range(0.4f, 0.95f),
            Ambient = random.Range(0.28f, 0.6f),
            LightTint = Tint(ref random, 0.2f),
            ShadowTint = Tint(ref random, 0.35f),
            Smile = smile,
            MouthOpen = random.NextBool(0.3) ? random.Range(0.1f, 1) : 0,
            BrowRaise = random.Normal(0.9f),
            BrowFrown = random.Normal(0.06f),
            LidOpen = random.NextBool(0.06) ? random.Range(0.08f, 0.4f) : random.Range(0.72f, 1.12f),
            GazeX = random.Normal(1.1f),
            GazeY = random.Normal(0.45f),
            HairVolume = random.Range(0.85f, 1.15f),
            HairPhase = random.Range(-0.6f, 0.6f),
            WearsGlasses = person.Glasses is { } glasses && random.NextBool(glasses.WearShare),
            Occlusion = random.NextBool(0.13) ? (Occlusion)(1 + random.NextInt(4)) : Occlusion.None,
            Sensor = SensorSettings.Draw(ref random),
            Details = random,
        };
    }

    // Warm to cold and a little green to magenta, the brightest channel at 1.
    private static SKColor Tint(ref CountedRandom random, float strength)
    {
        float warm = random.Range(-strength, strength);
        float green = random.Range(-strength, strength) * 0.3f;
        float most = MathF.Max(MathF.Max(1 + warm, 1 - warm), 1 + green);
        return new SKColor((byte)(255 * (1 + warm) / most), (byte)(255 * (1 + green) / most), (byte)(255 * (1 - warm) / most));
    }
}
