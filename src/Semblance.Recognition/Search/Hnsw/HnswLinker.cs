using System.Runtime.Intrinsics;

namespace Semblance.Recognition.Search;

/// <summary>Chooses links. Only the writer's threads do; a list that two of them may change is locked by its slot.</summary>
internal sealed unsafe class HnswLinker
{
    private const int Locks = 512;
    private const int MostForRepair = 256;
    private const int MostWires = 4096;

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    /// <summary>The lock of a slot; other slots may share it.</summary>
    public Lock LockOf(int slot) => _locks[(uint)slot % Locks];

    /// <summary>
    /// The heuristic of algorithm 4: from the nearest on, a slot is chosen unless one that was chosen before is nearer to it than the row is,
    /// since the way there then leads over that one. Room that is left goes to the nearest of those passed over, if wanted.
    /// </summary>
    /// <param name="rows">The slots.</param>
    /// <param name="scratch">Its pool holds the candidates and their scores with the row.</param>
    /// <param name="most">The most to choose.</param>
    /// <param name="fill">Whether to use room that is left.</param>
    /// <param name="chosen">Takes the slots.</param>
    public static void Choose(HnswRows rows, HnswScratch scratch, int most, bool fill, List<int> chosen)
    {
        chosen.Clear();
        HnswPool pool = scratch.Pool;
        for (int i = 0; i < pool.Count && chosen.Count < most; i++)
        {
            if (IsChosen(rows, scratch, pool.Slot(i), pool.Score(i), chosen))
            {
                chosen.Add(pool.Slot(i));
            }
        }

        int distinct = chosen.Count;
        for (int i = 0; fill && i < pool.Count && chosen.Count < most; i++)
        {
            if (chosen.IndexOf(pool.Slot(i), 0, distinct) < 0)
            {
                chosen.Add(pool.Slot(i));
            }
        }
    }

    /// <summary>Makes a row the probe of a scratch, by its code.</summary>
    public static void Probe(HnswRows rows, HnswScratch scratch, int slot) => scratch.ProbeTail = Signed(rows, slot, scratch.Probe);

    /// <summary>Replaces the links of a slot. A search sees some of the old and some of the new ones meanwhile, all of which lead somewhere.</summary>
    public static void Write(Span<int> links, List<int> chosen)
    {
        for (int i = 0; i < links.Length; i++)
        {
            Volatile.Write(ref links[i], i < chosen.Count ? chosen[i] : HnswRows.End);
        }
    }

    /// <summary>Links a slot to a new one; where its list is full the heuristic chooses again (algorithm 1, lines 11 to 16).</summary>
    public void Connect(HnswRows rows, HnswScratch scratch, int slot, int added, int level, List<int> room)
    {
        lock (LockOf(slot))
        {
            Span<int> links = rows.LinksOf(slot, level);
            int count = links.IndexOf(HnswRows.End);
            if (count >= 0)
            {
                Volatile.Write(ref links[count], added);
                return;
            }

            Probe(rows, scratch, slot);
            scratch.Pool.Begin(links.Length + 1);
            Offer(rows, scratch, added);
            foreach (int link in links)
            {
                rows.PrefetchCode(rows.Code(link));
            }

            foreach (int link in links)
            {
                Offer(rows, scratch, link);
            }

            Choose(rows, scratch, links.Length, fill: false, room);
            Write(links, room);
        }
    }

    /// <summary>
    /// Takes links to removed rows out of a slot's lists. In their place come the best of the slots that they linked to, so that the graph
    /// stays as well connected as it was (as in FreshDiskANN, Singh et al. 2021, algorithm 4). The slot of a removed row, which has no numbers
    /// to choose by, takes the first of them.
    /// </summary>
    public static void Repair(HnswRows rows, HnswScratch scratch, int slot, List<int> room)
    {
        bool isLive = rows.IsLive(slot);
        for (int level = rows.Level(slot); level >= 0; level--)
        {
            Span<int> links = rows.LinksOf(slot, level);
            if (!HasWires(rows, links))
            {
                continue;
            }

            LookPastWires(rows, scratch, slot, level);
            room.Clear();
            if (isLive)
            {
                Probe(rows, scratch, slot);
                scratch.Pool.Begin(MostForRepair);
                foreach (int other in scratch.Listed)
                {
                    if (rows.IsLive(other))
                    {
                        Offer(rows, scratch, other);
                    }
                }

                Choose(rows, scratch, links.Length, fill: true, room);
            }
            else
            {
                foreach (int other in scratch.Listed)
                {
                    if (room.Count < links.Length && rows.IsLive(other))
                    {
                        room.Add(other);
                    }
                }
            }

            Write(links, room);
        }
    }

    /// <summary>Lists the slots that a slot links to, and those that removed ones among them link to, and so on.</summary>
    private static void LookPastWires(HnswRows rows, HnswScratch scratch, int slot, int level)
    {
        scratch.Begin(rows.Capacity);
        scratch.List([slot]);
        scratch.ClearList();
        scratch.List(rows.LinksOf(slot, level));
        int live = 0;
        for (int i = 0; i < scratch.Listed.Length && live < MostForRepair && i < MostWires; i++)
        {
            if (rows.IsLive(scratch.Listed[i]))
            {
                live++;
            }
            else
            {
                scratch.List(rows.LinksOf(scratch.Listed[i], level));
            }
        }
    }

    private static bool HasWires(HnswRows rows, ReadOnlySpan<int> links)
    {
        foreach (int link in links)
        {
            if (link == HnswRows.End)
            {
                return false;
            }

            if (!rows.IsLive(link))
            {
                return true;
            }
        }

        return false;
    }

    private static void Offer(HnswRows rows, HnswScratch scratch, int slot)
    {
        float score = HnswWalk.Score(rows, rows.Code(slot), scratch.Probe, scratch.ProbeTail);
        if (score > scratch.Pool.Floor)
        {
            scratch.Pool.Add(slot, score);
        }
    }

    private static bool IsChosen(HnswRows rows, HnswScratch scratch, int slot, float score, List<int> chosen)
    {
        if (chosen.Count == 0)
        {
            return true;
        }

        CodeTail tail = Signed(rows, slot, scratch.Other);
        foreach (int other in chosen)
        {
            if (HnswWalk.Score(rows, rows.Code(other), scratch.Other, tail) > score)
            {
                return false;
            }
        }

        return true;
    }

    private static CodeTail Signed(HnswRows rows, int slot, sbyte* signed)
    {
        byte* code = rows.Code(slot);
        var bias = Vector256.Create((byte)Int8Rows.Bias);
        for (int i = 0; i < rows.CodeBytes; i += ByteRowKernel.Step)
        {
            (Vector256.Load(code + i) ^ bias).AsSByte().Store(signed + i);
        }

        return *rows.Tail(code);
    }
}
