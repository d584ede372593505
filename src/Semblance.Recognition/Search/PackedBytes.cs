namespace Semblance.Recognition.Search;

/// <summary>Probes rounded to bytes for <see cref="Int8Kernel"/>: fours of columns, of eight probes interleaved or of one alone.</summary>
internal sealed class PackedBytes
{
    private readonly sbyte[] _values;
    private readonly int _groupLength;
    private readonly float[] _scales;
    private readonly float[] _errors;
    private readonly int[] _starts;

    public PackedBytes(ScanRequest request)
    {
        const int Together = Int8Rows.Together;
        int width = request.GroupWidth;
        int fours = Int8Rows.Fours(request.Dimension);
        _groupLength = width * fours * Together;
        _values = GC.AllocateArray<sbyte>(request.Groups * _groupLength, pinned: true);
        _scales = new float[request.Count];
        _errors = new float[request.Count];
        _starts = new int[request.Groups * width];
        sbyte[] rounded = new sbyte[fours * Together];
        for (int i = 0; i < request.Count; i++)
        {
            (_scales[i], _errors[i]) = Int8Rows.Quantize(request.Probes.AsSpan(i * request.Dimension, request.Dimension), rounded);
            int at = (i / width * _groupLength) + (i % width * Together);
            int sum = 0;
            for (int c = 0; c < rounded.Length; c++)
            {
                _values[at + (c / Together * width * Together) + (c % Together)] = rounded[c];
                sum += rounded[c];
            }

            _starts[i] = -Int8Rows.Bias * sum;
        }
    }

    public ref sbyte Group(int group) => ref _values[group * _groupLength];

    /// <summary>What a sum of products starts from to make up for the bias of the rows' bytes.</summary>
    public int Start(int probe) => _starts[probe];

    /// <summary>The same of a group of eight.</summary>
    public ReadOnlySpan<int> Starts(int group) => _starts.AsSpan(group * PanelKernel.GroupProbes, PanelKernel.GroupProbes);

    public float Scale(int probe) => _scales[probe];

    public float Error(int probe) => _errors[probe];
}
