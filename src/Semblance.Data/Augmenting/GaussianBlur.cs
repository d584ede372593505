using System.Numerics.Tensors;

namespace Semblance.Data.Augmenting;

/// <summary>A separable Gaussian blur of planes; edges go on beyond the image.</summary>
internal sealed class GaussianBlur
{
    private readonly int _width;
    private readonly int _height;
    private float[] _padded = [];
    private float[] _rows = [];

    /// <summary>Creates a blur for planes of the given size.</summary>
    public GaussianBlur(int width, int height) => (_width, _height) = (width, height);

    /// <summary>Blurs one plane in place.</summary>
    /// <param name="plane">height × width values.</param>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    public void Apply(Span<float> plane, double sigma)
    {
        int radius = Math.Max(1, (int)Math.Ceiling(2.5 * sigma));
        Span<float> weights = stackalloc float[(2 * radius) + 1];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = (float)Math.Exp(-(k - radius) * (k - radius) / (2 * sigma * sigma));
        }

        TensorPrimitives.Divide(weights, TensorPrimitives.Sum<float>(weights), weights);
        if (_rows.Length == 0)
        {
            _rows = new float[plane.Length];
        }

        if (_padded.Length < _width + (2 * radius))
        {
            _padded = new float[_width + (2 * radius)];
        }

        for (int y = 0; y < _height; y++)
        {
            Span<float> row = plane.Slice(y * _width, _width);
            Span<float> padded = _padded.AsSpan(0, _width + (2 * radius));
            padded[..radius].Fill(row[0]);
            row.CopyTo(padded[radius..]);
            padded[(radius + _width)..].Fill(row[^1]);
            Span<float> target = _rows.AsSpan(y * _width, _width);
            target.Clear();
            for (int k = 0; k < weights.Length; k++)
            {
                TensorPrimitives.MultiplyAdd(padded.Slice(k, _width), weights[k], target, target);
            }
        }

        for (int y = 0; y < _height; y++)
        {
            Span<float> target = plane.Slice(y * _width, _width);
            target.Clear();
            for (int k = 0; k < weights.Length; k++)
            {
                int from = Math.Clamp(y + k - radius, 0, _height - 1);
                TensorPrimitives.MultiplyAdd(_rows.AsSpan(from * _width, _width), weights[k], target, target);
            }
        }
    }
}
