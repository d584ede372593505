using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>Panels of float32: column by column, 32 rows each.</summary>
internal sealed unsafe class Float32Rows : RowFormat
{
    private const int Rows = PanelSegment.PanelRows;

    /// <inheritdoc/>
    public override RowStorage Storage => RowStorage.Float32;

    /// <inheritdoc/>
    public override string Description => "flat";

    /// <inheritdoc/>
    public override bool KeepsOriginals => false;

    /// <inheritdoc/>
    public override int PanelBytes(int dimension) => dimension * Rows * sizeof(float);

    /// <inheritdoc/>
    public override void Write(byte* panel, int lane, ReadOnlySpan<float> unit)
    {
        float* to = (float*)panel + lane;
        for (int c = 0; c < unit.Length; c++)
        {
            to[(nint)c * Rows] = unit[c];
        }
    }

    /// <inheritdoc/>
    public override void Copy(byte* from, int fromLane, byte* to, int toLane, int dimension)
    {
        for (nint c = 0; c < dimension; c++)
        {
            ((float*)to)[(c * Rows) + toLane] = ((float*)from)[(c * Rows) + fromLane];
        }
    }

    /// <inheritdoc/>
    public override TopHits Search(ScanRequest request) => new Scanner(request).Best();

    private sealed class Scanner(ScanRequest request) : PanelScan<TopHits>(request)
    {
        private readonly PackedProbes _probes = new(request);

        public TopHits Best() => ScanAll();

        protected override TopHits NewState() => new(Request.Count, Request.Top);

        protected override void Merge(TopHits into, TopHits from) => into.Merge(from);

        protected override void Scan(int segment, int from, int to, TopHits state)
        {
            SegmentView view = Request.Segments[segment];
            for (int panel = from; panel < to; panel++)
            {
                ref float rows = ref Unsafe.AsRef<float>(view.Rows.Panel(panel));
                PanelScoring.Offer(ref rows, view.Ids(panel), view.StruckOut(panel), _probes, Request, state);
            }
        }
    }
}
