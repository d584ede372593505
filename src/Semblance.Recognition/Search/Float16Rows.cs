using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// Panels of float16, column by column. Rows are kept times 2¹⁵: a unit row's numbers then use the whole range of exponents, and numbers
/// down to 2⁻²⁹ keep all their bits.
/// </summary>
internal sealed unsafe class Float16Rows : RowFormat
{
    private const int Rows = PanelSegment.PanelRows;
    private const float Scale = 1 << 15;

    /// <inheritdoc/>
    public override RowStorage Storage => RowStorage.Float16;

    /// <inheritdoc/>
    public override string Description => "flat-f16";

    /// <inheritdoc/>
    public override bool KeepsOriginals => false;

    /// <inheritdoc/>
    public override int PanelBytes(int dimension) => dimension * Rows * sizeof(ushort);

    /// <inheritdoc/>
    public override void Write(byte* panel, int lane, ReadOnlySpan<float> unit)
    {
        Half* to = (Half*)panel + lane;
        for (int c = 0; c < unit.Length; c++)
        {
            to[(nint)c * Rows] = (Half)(unit[c] * Scale);
        }
    }

    /// <inheritdoc/>
    public override void Copy(byte* from, int fromLane, byte* to, int toLane, int dimension)
    {
        for (nint c = 0; c < dimension; c++)
        {
            ((Half*)to)[(c * Rows) + toLane] = ((Half*)from)[(c * Rows) + fromLane];
        }
    }

    /// <inheritdoc/>
    public override TopHits Search(ScanRequest request) => request.Count == 1 ? new Alone(request).Best() : new Together(request).Best();

    /// <summary>One probe: rows are widened in registers.</summary>
    private sealed class Alone(ScanRequest request) : PanelScan<TopHits>(request)
    {
        private readonly PackedProbes _probes = new(request, HalfKernel.ProbeScale / Scale);

        public TopHits Best() => ScanAll();

        protected override TopHits NewState() => new(Request.Count, Request.Top);

        protected override void Merge(TopHits into, TopHits from) => into.Merge(from);

        protected override void Scan(int segment, int from, int to, TopHits state)
        {
            SegmentView view = Request.Segments[segment];
            Span<float> scores = stackalloc float[Rows];
            for (int panel = from; panel < to; panel++)
            {
                HalfKernel.One(ref Unsafe.AsRef<short>(view.Rows.Panel(panel)), ref _probes.Group(0), Request.Dimension, ref scores[0], Request.Simd.Wide);
                PanelScoring.Collect(scores, view.Ids(panel), view.StruckOut(panel), 0, Request.Accept, state);
            }
        }
    }

    /// <summary>Many probes: a panel is widened once for all of them.</summary>
    private sealed class Together(ScanRequest request) : PanelScan<Together.State>(request)
    {
        private readonly PackedProbes _probes = new(request);

        public TopHits Best() => ScanAll().Hits;

        protected override State NewState() => new(new TopHits(Request.Count, Request.Top), RowMemory.Allocate((long)Request.Dimension * Rows * sizeof(float)));

        protected override void Merge(State into, State from) => into.Hits.Merge(from.Hits);

        protected override void Scan(int segment, int from, int to, State state)
        {
            SegmentView view = Request.Segments[segment];
            ref float wide = ref Unsafe.AsRef<float>(state.Panel.Start);
            for (int panel = from; panel < to; panel++)
            {
                HalfKernel.Widen(ref Unsafe.AsRef<short>(view.Rows.Panel(panel)), Request.Dimension * Rows, HalfKernel.ProbeScale / Scale, ref wide);
                PanelScoring.Offer(ref wide, view.Ids(panel), view.StruckOut(panel), _probes, Request, state.Hits);
            }

            GC.KeepAlive(state);
        }

        internal sealed record State(TopHits Hits, RowMemory Panel);
    }
}
