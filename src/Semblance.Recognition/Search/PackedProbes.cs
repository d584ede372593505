namespace Semblance.Recognition.Search;

/// <summary>Unit probes laid out for <see cref="PanelKernel"/>: groups of eight with interleaved columns (padded with zeros), or one alone.</summary>
internal sealed class PackedProbes
{
    private readonly float[] _values;

    public PackedProbes(ReadOnlySpan<float> probes, int count, int dimension)
    {
        Count = count;
        Width = count == 1 ? 1 : PanelKernel.GroupProbes;
        Groups = (count + Width - 1) / Width;
        _values = new float[Groups * Width * dimension];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> probe = probes.Slice(i * dimension, dimension);
            double factor = UnitLength.Factor(probe);
            int at = (i / Width * Width * dimension) + (i % Width);
            for (int c = 0; c < dimension; c++)
            {
                _values[at + (c * Width)] = (float)(probe[c] * factor);
            }
        }

        GroupLength = Width * dimension;
    }

    public int Count { get; }

    /// <summary>Probes in a group: 1 or 8.</summary>
    public int Width { get; }

    public int Groups { get; }

    private int GroupLength { get; }

    public ref float Group(int group) => ref _values[group * GroupLength];
}
