using Semblance.Numerics;

namespace Semblance.Data.Synthesis;

/// <summary>How the camera takes the picture.</summary>
/// <param name="GainRed">The white balance's factor of red.</param>
/// <param name="GainGreen">The white balance's factor of green.</param>
/// <param name="GainBlue">The white balance's factor of blue.</param>
/// <param name="Contrast">A factor around mid-grey.</param>
/// <param name="Offset">Added to every channel, of 255.</param>
/// <param name="Blur">Standard deviation in pixels of a 112-px image.</param>
/// <param name="Noise">Standard deviation, of 255.</param>
internal readonly record struct SensorSettings(
    float GainRed, float GainGreen, float GainBlue, float Contrast, float Offset, float Blur, float Noise)
{
    /// <summary>Draws the settings of one image.</summary>
    public static SensorSettings Draw(ref CountedRandom random)
    {
        float exposure = MathF.Pow(2, random.Range(-0.6f, 0.45f));
        return new SensorSettings(
            exposure * (1 + random.Normal(0.09f)),
            exposure * (1 + random.Normal(0.05f)),
            exposure * (1 + random.Normal(0.1f)),
            random.Range(0.7f, 1.2f),
            random.Normal(12),
            random.NextBool(0.5) ? random.Range(0.3f, 1.15f) : 0,
            random.Range(0.5f, 8));
    }
}
