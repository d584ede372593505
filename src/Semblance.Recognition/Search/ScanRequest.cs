namespace Semblance.Recognition.Search;

/// <summary>What a pass over the rows needs to know.</summary>
/// <param name="Segments">The rows.</param>
/// <param name="Dimension">Floats in a vector.</param>
/// <param name="Probes">Probes of unit length, one after the other.</param>
/// <param name="Count">Number of probes.</param>
/// <param name="Top">Rows wanted per probe.</param>
/// <param name="Accept">Which ids may be returned; null for all.</param>
/// <param name="Simd">Which instructions to use.</param>
/// <param name="CancellationToken">Ends the pass.</param>
internal sealed record ScanRequest(
    SegmentView[] Segments,
    int Dimension,
    float[] Probes,
    int Count,
    int Top,
    Func<long, bool>? Accept,
    SimdChoice Simd,
    CancellationToken CancellationToken)
{
    /// <summary>One probe alone, or groups of eight with interleaved columns.</summary>
    public int GroupWidth => Count == 1 ? 1 : PanelKernel.GroupProbes;

    public int Groups => (Count + GroupWidth - 1) / GroupWidth;
}
