namespace Semblance.Recognition.Search;

/// <summary>Probes laid out for <see cref="PanelKernel"/>: groups of eight with interleaved columns (padded with zeros), or one alone.</summary>
internal sealed class PackedProbes
{
    private readonly float[] _values;
    private readonly int _groupLength;

    public PackedProbes(ScanRequest request, float factor = 1)
    {
        int width = request.GroupWidth;
        _groupLength = width * request.Dimension;
        _values = GC.AllocateArray<float>(request.Groups * _groupLength, pinned: true);
        for (int i = 0; i < request.Count; i++)
        {
            ReadOnlySpan<float> probe = request.Probes.AsSpan(i * request.Dimension, request.Dimension);
            int at = (i / width * _groupLength) + (i % width);
            for (int c = 0; c < probe.Length; c++)
            {
                _values[at + (c * width)] = probe[c] * factor;
            }
        }
    }

    public ref float Group(int group) => ref _values[group * _groupLength];
}
