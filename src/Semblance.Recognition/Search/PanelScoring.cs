using System.Numerics.Tensors;

namespace Semblance.Recognition.Search;

/// <summary>Scores a float32 panel against all probes and offers what may be among the best.</summary>
internal static class PanelScoring
{
    private const int Rows = PanelSegment.PanelRows;

    /// <summary>Scores a panel in groups of probes.</summary>
    public static void Offer(ref float panel, ReadOnlySpan<long> ids, uint struck, PackedProbes probes, ScanRequest request, TopHits best)
    {
        Span<float> scores = stackalloc float[PanelKernel.GroupProbes * Rows];
        int width = request.GroupWidth;
        for (int group = 0; group < request.Groups; group++)
        {
            if (width == 1)
            {
                PanelKernel.One(ref panel, ref probes.Group(group), request.Dimension, ref scores[0], request.Simd.Wide);
            }
            else
            {
                PanelKernel.Eight(ref panel, ref probes.Group(group), request.Dimension, ref scores[0], request.Simd.Wide);
            }

            int first = group * width;
            for (int i = 0; i < width && first + i < request.Count; i++)
            {
                Collect(scores.Slice(i * Rows, Rows), ids, struck, first + i, request.Accept, best);
            }
        }
    }

    /// <summary>Offers those of a panel's scores that may be among the best of a probe.</summary>
    public static void Collect(ReadOnlySpan<float> scores, ReadOnlySpan<long> ids, uint struck, int probe, Func<long, bool>? accept, TopHits best)
    {
        // Nearly every panel has nothing to offer once the heap is full; one maximum tells.
        if (TensorPrimitives.Max(scores) < best.Floors[probe])
        {
            return;
        }

        for (int i = 0; i < ids.Length; i++)
        {
            if (scores[i] >= best.Floors[probe] && ((struck >> i) & 1) == 0 && (accept is null || accept(ids[i])))
            {
                best.Offer(probe, ids[i], Math.Clamp(scores[i], -1f, 1f));
            }
        }
    }
}
