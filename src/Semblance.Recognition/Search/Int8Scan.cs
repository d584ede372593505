using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// A search over bytes that gives float32's hits. With row r = r̂ + e, probe p = p̂ + f, the inner product differs from r̂·p̂ by at most
/// ‖e‖‖p‖ + ‖r̂‖‖f‖ ≤ ‖e‖ + (1 + ‖e‖)‖f‖ (Cauchy–Schwarz), and all three are known. So the scan knows a range for each score, keeps the rows
/// whose upper end reaches the k-th best lower end, and only those, a few hundred of a million as a rule, are scored from float32.
/// </summary>
internal sealed unsafe class Int8Scan : PanelScan<Int8Candidates>
{
    private const int Rows = PanelSegment.PanelRows;

    private readonly PackedBytes _probes;
    private readonly float _slack;

    public Int8Scan(ScanRequest request)
        : base(request)
    {
        _probes = new PackedBytes(request);

        // What float32 may round away: of a chain of multiply-adds by the final score, of a few operations by the ends of the range.
        _slack = (request.Dimension + 32) * (1f / (1 << 23));
    }

    /// <summary>The best rows of each probe, scored from float32.</summary>
    public TopHits Best()
    {
        Int8Candidates found = ScanAll();
        var best = new TopHits(Request.Count, Request.Top);
        if (Request.Count == 1)
        {
            Rescore(0, found.Left(0), best);
            return best;
        }

        // Each probe has a heap of its own in there, so they do not meet.
        Work.Run(Request.Count, () => best, (probe, hits) => Rescore(probe, found.Left(probe), hits), _ => { }, Request.CancellationToken);
        return best;
    }

    /// <inheritdoc/>
    protected override Int8Candidates NewState() => new(Request.Count, Request.Top);

    /// <inheritdoc/>
    protected override void Merge(Int8Candidates into, Int8Candidates from) => into.Merge(from);

    /// <inheritdoc/>
    protected override void Scan(int segment, int from, int to, Int8Candidates state)
    {
        SegmentView view = Request.Segments[segment];
        int fours = Int8Rows.Fours(Request.Dimension);
        Span<int> products = stackalloc int[PanelKernel.GroupProbes * Rows];
        Span<float> upper = stackalloc float[Rows];
        for (int panel = from; panel < to; panel++)
        {
            byte* bytes = view.Rows.Panel(panel);
            float* scales = Int8Rows.Scales(bytes, Request.Dimension);
            for (int group = 0; group < Request.Groups; group++)
            {
                ref sbyte probes = ref _probes.Group(group);
                int first = group * Request.GroupWidth;
                Span<int> start = products[..(Request.GroupWidth * Rows)];
                if (Request.GroupWidth == 1)
                {
                    Int8Kernel.One(ref Unsafe.AsRef<byte>(bytes), ref probes, fours, _probes.Start(0), ref start[0], Request.Simd.Bytes);
                }
                else
                {
                    Int8Kernel.Eight(ref Unsafe.AsRef<byte>(bytes), ref probes, fours, _probes.Starts(group), ref start[0], Request.Simd.Bytes);
                }

                for (int i = 0; i < Request.GroupWidth && first + i < Request.Count; i++)
                {
                    int probe = first + i;
                    float largest = ScoreRange.Upper(ref start[i * Rows], scales, _probes.Scale(probe), _probes.Error(probe), _slack, ref upper[0]);
                    if (largest >= state.Floor(probe))
                    {
                        Collect(segment, panel, probe, upper, scales + Rows, state);
                    }
                }
            }
        }
    }

    private void Collect(int segment, int panel, int probe, ReadOnlySpan<float> upper, float* errors, Int8Candidates state)
    {
        SegmentView view = Request.Segments[segment];
        ReadOnlySpan<long> ids = view.Ids(panel);
        uint struck = view.StruckOut(panel);
        for (int i = 0; i < ids.Length; i++)
        {
            if (upper[i] >= state.Floor(probe) && ((struck >> i) & 1) == 0 && (Request.Accept is null || Request.Accept(ids[i])))
            {
                float lower = upper[i] - (2 * ScoreRange.Radius(errors[i], _probes.Error(probe), _slack));
                state.Add(probe, new Int8Candidate(segment, (panel * Rows) + i, upper[i]), lower);
            }
        }
    }

    private void Rescore(int probe, List<Int8Candidate> candidates, TopHits best)
    {
        const int AtOnce = RowKernel.AtOnce;
        float** rows = stackalloc float*[AtOnce];
        Span<float> scores = stackalloc float[AtOnce];
        ref float unit = ref Request.Probes[probe * Request.Dimension];
        for (int first = 0; first < candidates.Count; first += AtOnce)
        {
            Request.CancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(AtOnce, candidates.Count - first);
            for (int i = 0; i < AtOnce; i++)
            {
                Int8Candidate candidate = candidates[first + Math.Min(i, count - 1)];
                PanelSegment segment = Request.Segments[candidate.Segment].Rows;
                segment.RequireOriginal(candidate.Row);
                rows[i] = segment.Original(candidate.Row);
            }

            RowKernel.Eight(rows, ref unit, Request.Dimension, scores);
            for (int i = 0; i < count; i++)
            {
                Int8Candidate candidate = candidates[first + i];
                best.Offer(probe, Request.Segments[candidate.Segment].Rows.Ids(candidate.Row, 1)[0], Math.Clamp(scores[i], -1f, 1f));
            }
        }

        GC.KeepAlive(Request);
    }
}
