using SkiaSharp;

namespace Semblance.Data.Synthesis.Painting;

/// <summary>Mixes colours.</summary>
internal static class Pigment
{
    /// <summary>The colour a share <paramref name="t"/> of the way from one to the other, opacity included.</summary>
    public static SKColor Mix(this SKColor from, SKColor to, float t) => new(
        Blend(from.Red, to.Red, t), Blend(from.Green, to.Green, t), Blend(from.Blue, to.Blue, t), Blend(from.Alpha, to.Alpha, t));

    /// <summary>The colour with its channels multiplied by <paramref name="factor"/>.</summary>
    public static SKColor Lit(this SKColor color, float factor) => new(
        ToByte(color.Red * factor), ToByte(color.Green * factor), ToByte(color.Blue * factor), color.Alpha);

    /// <summary>The colour with the given opacity in [0, 1].</summary>
    public static SKColor Faded(this SKColor color, float opacity) => color.WithAlpha(ToByte(opacity * 255));

    private static byte Blend(byte from, byte to, float t) => ToByte(from + ((to - from) * t));

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
