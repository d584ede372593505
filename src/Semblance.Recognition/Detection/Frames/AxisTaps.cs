using System.Buffers;

namespace Semblance.Recognition.Detection.Frames;

/// <summary>
/// Which source pixels make up each target pixel along one axis, and with what weights: a triangle filter that is bilinear when enlarging and
/// an area-weighted average as wide as the target pixel when shrinking. Target pixels whose centres lie beside the source have no taps.
/// Arrays are rented: dispose.
/// </summary>
internal sealed class AxisTaps : IDisposable
{
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly float[] _weights;
    private readonly int _most;

    /// <summary>Computes the taps of an axis.</summary>
    /// <param name="source">Source pixels.</param>
    /// <param name="target">Target pixels.</param>
    /// <param name="scale">Target pixels per source pixel.</param>
    /// <param name="offset">Where the source's first edge falls in the target.</param>
    /// <param name="replicate">Whether target pixels beside the source repeat its border.</param>
    public AxisTaps(int source, int target, double scale, double offset, bool replicate)
    {
        double support = Math.Max(1.0, 1 / scale);
        _most = (int)Math.Min(source, Math.Ceiling(2 * support) + 1);
        _starts = ArrayPool<int>.Shared.Rent(target);
        _counts = ArrayPool<int>.Shared.Rent(target);
        _weights = ArrayPool<float>.Shared.Rent(target * _most);
        (First, End) = (source, 0);
        for (int i = 0; i < target; i++)
        {
            double edge = (i + 0.5 - offset) / scale;
            _counts[i] = 0;
            if (!replicate && (edge < 0 || edge > source))
            {
                continue;
            }

            double centre = Math.Clamp(edge, 0, source) - 0.5;
            int first = Math.Clamp((int)Math.Ceiling(centre - support), 0, source - 1);
            int last = Math.Clamp((int)Math.Floor(centre + support), first, Math.Min(source, first + _most) - 1);
            Span<float> weights = _weights.AsSpan(i * _most, last - first + 1);
            double total = 0;
            for (int k = 0; k < weights.Length; k++)
            {
                double weight = Math.Max(0, 1 - (Math.Abs(first + k - centre) / support));
                weights[k] = (float)weight;
                total += weight;
            }

            float share = (float)(1 / total);
            for (int k = 0; k < weights.Length; k++)
            {
                weights[k] *= share;
            }

            (_starts[i], _counts[i]) = (first, weights.Length);
            (First, End) = (Math.Min(First, first), Math.Max(End, last + 1));
        }
    }

    /// <summary>The first source pixel that is used.</summary>
    public int First { get; }

    /// <summary>After the last source pixel that is used; less than <see cref="First"/> where none is.</summary>
    public int End { get; }

    /// <summary>The first source pixel of a target pixel.</summary>
    public int Start(int target) => _starts[target];

    /// <summary>The weights of a target pixel's source pixels; empty beside the source.</summary>
    public ReadOnlySpan<float> Of(int target) => _weights.AsSpan(target * _most, _counts[target]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<int>.Shared.Return(_counts);
        ArrayPool<float>.Shared.Return(_weights);
    }
}
