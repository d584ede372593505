namespace Semblance.Recognition.Search;

/// <summary>
/// Finds who links to removed rows, and mends those lists, a few slots with each removal: so a removal takes about as long as an addition
/// however large the index, and never stops for a rebuild. A slot can be used again after a whole round over all slots that began when it
/// was erased already; with 64 slots looked at per removal, at most one slot in 32 waits for that.
/// </summary>
internal sealed class HnswSweep(HnswGraph graph)
{
    private const int SlotsPerRemoval = 64;
    private const int SlotsPerTask = 256;

    private readonly Stack<int> _free = [];
    private List<int> _waiting = [];
    private List<int> _round = [];
    private int _cursor;
    private int _end;

    /// <summary>Slots that may be used again.</summary>
    public int Free => _free.Count;

    /// <summary>A slot for a row: one that was used before where there is one.</summary>
    public int TakeSlot() => _free.TryPop(out int slot) ? slot : graph.Used++;

    /// <summary>Takes back a slot that no link leads to.</summary>
    public void GiveBack(int slot) => _free.Push(slot);

    /// <summary>Takes in an erased slot; links may still lead to it.</summary>
    public void Erased(int slot) => _waiting.Add(slot);

    /// <summary>Goes on, in proportion to what was removed.</summary>
    public void Advance(int removals)
    {
        long budget = (long)removals * SlotsPerRemoval;
        while (budget > 0 && TryBegin())
        {
            int count = (int)Math.Min(budget, _end - _cursor);
            Mend(_cursor, count);
            budget -= Math.Max(1, count);
            _cursor += count;
            if (_cursor == _end)
            {
                Finish();
            }
        }
    }

    /// <summary>Goes on until no link leads to a removed row.</summary>
    public void Complete()
    {
        while (TryBegin())
        {
            Mend(_cursor, _end - _cursor);
            Finish();
        }
    }

    private bool TryBegin()
    {
        if (_round.Count == 0)
        {
            if (_waiting.Count == 0)
            {
                return false;
            }

            (_round, _waiting) = (_waiting, _round);
            (_cursor, _end) = (0, graph.Used);
        }

        return true;
    }

    private void Mend(int from, int count)
    {
        HnswRows rows = graph.Rows;
        if (count <= SlotsPerTask)
        {
            HnswScratch scratch = graph.Take();
            MendSome(rows, scratch, from, from + count);
            graph.GiveBack(scratch);
            return;
        }

        Work.Run(
            (count + SlotsPerTask - 1) / SlotsPerTask,
            graph.Take,
            (task, scratch) => MendSome(rows, scratch, from + (task * SlotsPerTask), Math.Min(from + count, from + ((task + 1) * SlotsPerTask))),
            graph.GiveBack,
            CancellationToken.None);
    }

    private static void MendSome(HnswRows rows, HnswScratch scratch, int from, int to)
    {
        var room = new List<int>(rows.BaseLinks);
        for (int slot = from; slot < to; slot++)
        {
            // Those of removed rows too: one erased later in this round may lead to one whose slot is used again after it.
            HnswLinker.Repair(rows, scratch, slot, room);
        }
    }

    private void Finish()
    {
        HnswRows rows = graph.Rows;
        foreach (int slot in _round)
        {
            // A search that just stands here finds no way on, and another begins for it.
            HnswLinker.Write(rows.LinksOf(slot, 0), []);
            Volatile.Write(ref rows.Upper(slot), null);
            rows.Name(slot, 0, []);
            _free.Push(slot);
        }

        _round.Clear();
    }
}
