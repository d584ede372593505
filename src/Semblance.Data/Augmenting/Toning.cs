using System.Numerics;
using System.Runtime.InteropServices;
using Semblance.Numerics;

namespace Semblance.Data.Augmenting;

/// <summary>One drawn change of colours: saturation and balance, then brightness and contrast, clipped to 0…255.</summary>
internal readonly struct Toning
{
    private readonly float _saturation;
    private readonly float _contrast;
    private readonly float _shift;
    private readonly (float Red, float Green, float Blue) _balance;

    private Toning(float saturation, (float, float, float) balance, float contrast, float shift) =>
        (_saturation, _balance, _contrast, _shift) = (saturation, balance, contrast, shift);

    /// <summary>Whether nothing changes.</summary>
    public bool IsNone => _saturation == 1 && _balance == (1, 1, 1) && _contrast == 1 && _shift == 0;

    /// <summary>Draws a change.</summary>
    public static Toning Draw(AugmentationOptions options, ref CountedRandom random)
    {
        float contrast = 1, shift = 0, saturation = 1;
        (float, float, float) balance = (1, 1, 1);
        if (random.NextBool(options.BrightnessProbability))
        {
            contrast = (float)random.NextDouble(1 - options.Contrast, 1 + options.Contrast);
            shift = (float)((127.5 * (1 - contrast)) + (255 * random.NextDouble(-options.Brightness, options.Brightness)));
        }

        if (random.NextBool(options.ColorProbability))
        {
            saturation = (float)random.NextDouble(1 - options.Saturation, 1 + options.Saturation);
            balance = (Balance(ref random), Balance(ref random), Balance(ref random));
        }

        if (random.NextBool(options.GreyProbability))
        {
            (saturation, balance) = (0, (1, 1, 1));
        }

        return new Toning(saturation, balance, contrast, shift);

        float Balance(ref CountedRandom draws) => (float)draws.NextDouble(1 - options.ColorBalance, 1 + options.ColorBalance);
    }

    /// <summary>Changes planes in place.</summary>
    /// <param name="planes">One or three planes of values 0…255.</param>
    /// <param name="channels">1 or 3; grey has no colours to change.</param>
    public void Apply(Span<float> planes, int channels)
    {
        if (IsNone)
        {
            return;
        }

        if (channels == 1)
        {
            Shift(planes, _contrast, _shift);
            return;
        }

        int plane = planes.Length / 3;
        if (_saturation == 1)
        {
            Shift(planes[..plane], _contrast * _balance.Red, _shift);
            Shift(planes.Slice(plane, plane), _contrast * _balance.Green, _shift);
            Shift(planes[(2 * plane)..], _contrast * _balance.Blue, _shift);
            return;
        }

        Mix(planes[..plane], planes.Slice(plane, plane), planes[(2 * plane)..]);
    }

    private static void Shift(Span<float> values, float factor, float shift)
    {
        var factors = new Vector<float>(factor);
        var shifts = new Vector<float>(shift);
        var top = new Vector<float>(255f);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.Min(Vector.Max((vectors[i] * factors) + shifts, Vector<float>.Zero), top);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            values[i] = Math.Clamp((values[i] * factor) + shift, 0, 255);
        }
    }

    private void Mix(Span<float> red, Span<float> green, Span<float> blue)
    {
        float own = _saturation * _contrast, common = (1 - _saturation) * _contrast;
        for (int i = 0; i < red.Length; i++)
        {
            // Luma of BT.601, as JPEG has it.
            float luma = common * ((0.299f * red[i]) + (0.587f * green[i]) + (0.114f * blue[i]));
            red[i] = Math.Clamp((((own * red[i]) + luma) * _balance.Red) + _shift, 0, 255);
            green[i] = Math.Clamp((((own * green[i]) + luma) * _balance.Green) + _shift, 0, 255);
            blue[i] = Math.Clamp((((own * blue[i]) + luma) * _balance.Blue) + _shift, 0, 255);
        }
    }
}
