using System.Runtime.CompilerServices;

namespace Semblance.Recognition.Search;

/// <summary>Scores rows by their floats, eight at once, with the very sums of exact search, and adds them to the hits of a probe.</summary>
internal sealed unsafe class HnswScorer(HnswRows rows, Func<long, bool>? accept)
{
    private const int AtOnce = RowKernel.AtOnce;

    private readonly Named[] _waiting = new Named[AtOnce];
    private int _count;

    /// <summary>Whether a slot has a row that may be returned; then it can be added.</summary>
    public bool TryRead(int slot, out Named named)
    {
        int version = rows.SettledVersion(slot);
        long id = rows.Id(slot);
        ReadOnlySpan<long> others = rows.Others(slot);
        named = new Named(slot, version, id, others.IsEmpty ? null : others.ToArray());
        if (HnswRows.State(version) != HnswRows.Live)
        {
            return false;
        }

        // Nobody is asked about an id that is half a change.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref rows.Version(slot)) != version)
        {
            return false;
        }

        if (accept is null || accept(id))
        {
            return true;
        }

        bool any = false;
        foreach (long other in others)
        {
            any |= accept(other);
        }

        return any;
    }

    /// <summary>Scores a row now or with the next ones.</summary>
    public void Add(in Named named, float[] unit, HnswHits hits)
    {
        rows.PrefetchFloats(named.Slot);
        _waiting[_count++] = named;
        if (_count == AtOnce)
        {
            Flush(unit, hits);
        }
    }

    /// <summary>Scores what waits.</summary>
    public void Flush(float[] unit, HnswHits hits)
    {
        if (_count == 0)
        {
            return;
        }

        float** floats = stackalloc float*[AtOnce];
        Span<float> scores = stackalloc float[AtOnce];
        for (int i = 0; i < AtOnce; i++)
        {
            floats[i] = rows.Floats(_waiting[Math.Min(i, _count - 1)].Slot);
        }

        RowKernel.Eight(floats, ref unit[0], rows.Dimension, scores);
        for (int i = 0; i < _count; i++)
        {
            ref Named named = ref _waiting[i];
            float score = Math.Clamp(scores[i], -1f, 1f);
            if (named.Others is null)
            {
                // Reading it asked about its id already.
                hits.Add(new HnswHit(named.Id, score, named.Slot, named.Version));
                continue;
            }

            Offer(named.Id, score, named, hits);
            foreach (long other in named.Others)
            {
                Offer(other, score, named, hits);
            }
        }

        _count = 0;
    }

    private void Offer(long id, float score, in Named named, HnswHits hits)
    {
        if (accept is null || accept(id))
        {
            hits.Add(new HnswHit(id, score, named.Slot, named.Version));
        }
    }

    /// <summary>A slot's row and its ids.</summary>
    internal readonly record struct Named(int Slot, int Version, long Id, long[]? Others);
}
