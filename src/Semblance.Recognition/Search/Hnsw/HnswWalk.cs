using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>
/// Walks through the graph towards a probe. Rows are compared by their codes. A removed row that others still link to is a wire: it has no
/// score, and leads at once to where it links itself, as if its neighbours were each other's.
/// </summary>
internal static unsafe class HnswWalk
{
    private const int Ahead = 3;

    /// <summary>The cosine of a row and the probe, by codes; no number where the row was removed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(HnswRows rows, byte* code, sbyte* probe, in CodeTail probeTail)
    {
        int products = rows.Variant == ByteProducts.Vnni
            ? ByteRowKernel.Vnni(code, probe, rows.CodeBytes)
            : ByteRowKernel.Dot(code, probe, rows.CodeBytes, rows.Variant);
        return (products - (Int8Rows.Bias * probeTail.Sum)) * (rows.Tail(code)->Scale * probeTail.Scale);
    }

    /// <summary>Goes from slot to nearer slot on an upper level until none is nearer: algorithm 2 with one candidate.</summary>
    public static int Descend(HnswRows rows, HnswScratch scratch, int from, int level)
    {
        scratch.Begin(rows.Capacity);
        int best = from;
        float bestScore = Score(rows, rows.Code(from), scratch.Probe, scratch.ProbeTail);
        if (float.IsNaN(bestScore))
        {
            bestScore = float.NegativeInfinity;
        }

        for (int before = -1; before != best;)
        {
            before = best;
            scratch.ClearList();
            scratch.List(rows.LinksOf(best, level));
            for (int i = 0; i < scratch.Listed.Length; i++)
            {
                int slot = scratch.Listed[i];
                float score = Score(rows, rows.Code(slot), scratch.Probe, scratch.ProbeTail);
                if (float.IsNaN(score))
                {
                    scratch.List(rows.LinksOf(slot, level));
                }
                else if (score > bestScore)
                {
                    (best, bestScore) = (slot, score);
                }
            }
        }

        return best;
    }

    /// <summary>The nearest slots of a level, as many as the width: algorithm 2. They are in the scratch's pool afterwards.</summary>
    public static void Layer(HnswRows rows, HnswScratch scratch, int from, int level, int width)
    {
        HnswPool pool = scratch.Pool;
        pool.Begin(width);
        scratch.Begin(rows.Capacity);
        scratch.List([from]);
        while (true)
        {
            Look(rows, scratch, level);
            int next = pool.Next();
            if (next < 0)
            {
                return;
            }

            scratch.ClearList();
            scratch.List(rows.LinksOf(next, level));
        }
    }

    private static void Look(HnswRows rows, HnswScratch scratch, int level)
    {
        HnswPool pool = scratch.Pool;
        sbyte* probe = scratch.Probe;
        CodeTail tail = scratch.ProbeTail;
        ReadOnlySpan<int> listed = scratch.Listed;
        for (int i = 0; i < Math.Min(Ahead, listed.Length); i++)
        {
            rows.PrefetchCode(rows.Code(listed[i]));
        }

        for (int i = 0; i < listed.Length; i++)
        {
            if (i + Ahead < listed.Length)
            {
                rows.PrefetchCode(rows.Code(listed[i + Ahead]));
            }

            int slot = listed[i];
            float score = Score(rows, rows.Code(slot), probe, tail);
            if (score > pool.Floor)
            {
                pool.Add(slot, score);
                rows.PrefetchLinks(slot);
            }
            else if (float.IsNaN(score))
            {
                scratch.List(rows.LinksOf(slot, level));
                listed = scratch.Listed;
            }
        }
    }
}
