using System.Collections.Concurrent;
using Semblance.Numerics;

namespace Semblance.Recognition.Search;

/// <summary>
/// The graph itself: rows by slot, the slot to begin at, and how rows come in (algorithm 1). One writer at a time, which may use several
/// threads for rows that come together.
/// </summary>
internal sealed class HnswGraph
{
    private const int MostLevels = 30;

    // From here on a code cannot tell two vectors apart.
    private const float NearlySame = 0.995f;
    private const int LooksForSame = 8;

    private readonly HnswOptions _options;
    private readonly HnswLinker _linker = new();
    private readonly ConcurrentBag<HnswScratch> _scratches = [];
    private readonly Lock _raising = new();
    private readonly double _levelFactor;
    private volatile HnswRows _rows;
    private long _entry;

    public HnswGraph(int dimension, HnswOptions options)
    {
        _options = options;
        _rows = new HnswRows(dimension, options.Links);
        _levelFactor = 1 / Math.Log(options.Links);
        _entry = Entry(HnswRows.End, 0);
    }

    public HnswRows Rows => _rows;

    /// <summary>Slots that were ever used.</summary>
    public int Used { get; set; }

    /// <summary>Rows that levels were drawn for.</summary>
    public long Drawn { get; set; }

    /// <summary>Where walks begin, and on which level; slot −1 where there are no rows.</summary>
    public (int Slot, int Level) Start
    {
        get
        {
            long entry = Volatile.Read(ref _entry);
            return ((int)entry, (int)(entry >> 32));
        }
        set => Volatile.Write(ref _entry, Entry(value.Slot, value.Level));
    }

    public HnswScratch Take() => _scratches.TryTake(out HnswScratch? scratch) ? scratch : new HnswScratch(_rows);

    public void GiveBack(HnswScratch scratch) => _scratches.Add(scratch);

    public void MakeRoom(int slots)
    {
        if (_rows.Capacity < slots)
        {
            _rows = _rows.WithRoomFor(slots);
        }
    }

    /// <summary>The level of the next row: geometrically distributed (section 4.1), always the same for the same number.</summary>
    public int DrawLevel()
    {
        double uniform = 1 - new CountedRandom(0x484E5357, (ulong)Drawn++).NextDouble();
        return Math.Min(MostLevels, (int)(-Math.Log(uniform) * _levelFactor));
    }

    /// <summary>The slots nearest to the probe of a scratch, in its pool.</summary>
    public void Nearest(HnswRows rows, HnswScratch scratch, int width)
    {
        (int at, int level) = Start;
        scratch.Pool.Begin(width);
        if (at == HnswRows.End || at >= rows.Capacity)
        {
            return;
        }

        for (; level > 0; level--)
        {
            at = HnswWalk.Descend(rows, scratch, at, level);
        }

        HnswWalk.Layer(rows, scratch, at, 0, width);
    }

    /// <summary>Puts a row into an empty slot and links it. Several threads may, each with a slot of its own.</summary>
    /// <returns>The slot that has the row now: another one where a row with the very same numbers was there.</returns>
    public int Insert(int slot, long id, int level, ReadOnlySpan<float> vector, HnswScratch scratch)
    {
        HnswRows rows = _rows;
        UnitLength.Scale(vector, scratch.Unit);
        rows.Write(slot, id, level, scratch.Unit);
        if (level <= Start.Level && Start.Slot != HnswRows.End)
        {
            return Link(rows, slot, id, level, scratch);
        }

        // Who raises the graph's height does it alone.
        lock (_raising)
        {
            if (Start.Slot == HnswRows.End)
            {
                rows.Become(slot, HnswRows.Live);
                Start = (slot, level);
                return slot;
            }

            int has = Link(rows, slot, id, level, scratch);
            if (has == slot && level > Start.Level)
            {
                Start = (slot, level);
            }

            return has;
        }
    }

    /// <summary>Takes an id from a slot that has several.</summary>
    public void TakeName(int slot, long id)
    {
        HnswRows rows = _rows;
        long[] left = [.. rows.Others(slot).ToArray().Append(rows.Id(slot)).Where(other => other != id).Order()];
        rows.Become(slot, HnswRows.Changing);
        rows.Name(slot, left[0], left[1..]);
        rows.Become(slot, HnswRows.Live);
    }

    /// <summary>Erases a row. Walks begin elsewhere where they began there.</summary>
    public void Erase(int slot)
    {
        _rows.Erase(slot);
        if (Start.Slot == slot)
        {
            Start = Highest();
        }
    }

    private static long Entry(int slot, int level) => ((long)level << 32) | (uint)slot;

    private (int Slot, int Level) Highest()
    {
        HnswRows rows = _rows;
        (int Slot, int Level) highest = (HnswRows.End, 0);
        for (int slot = 0; slot < Used; slot++)
        {
            if ((highest.Slot < 0 || rows.Level(slot) > highest.Level) && rows.IsLive(slot))
            {
                highest = (slot, rows.Level(slot));
            }
        }

        return highest;
    }

    private int Link(HnswRows rows, int slot, long id, int level, HnswScratch scratch)
    {
        (int at, int top) = Start;
        HnswLinker.Probe(rows, scratch, slot);
        for (; top > level; top--)
        {
            at = HnswWalk.Descend(rows, scratch, at, top);
        }

        while (scratch.Chosen.Count <= level)
        {
            scratch.Chosen.Add([]);
        }

        for (int on = level; on >= 0; on--)
        {
            scratch.Chosen[on].Clear();
            if (on > top)
            {
                continue;
            }

            HnswWalk.Layer(rows, scratch, at, on, _options.BuildWidth);
            if (on == 0 && Same(rows, scratch) is var same && same >= 0)
            {
                AddName(rows, same, id);
                return same;
            }

            if (scratch.Pool.Count > 0)
            {
                at = scratch.Pool.Slot(0);
            }

            HnswLinker.Choose(rows, scratch, rows.LinksOf(slot, on).Length, fill: false, scratch.Chosen[on]);
        }

        // Its own links first, on all levels, then those of others to it: nobody comes to a row that leads nowhere.
        for (int on = level; on >= 0; on--)
        {
            HnswLinker.Write(rows.LinksOf(slot, on), scratch.Chosen[on]);
        }

        rows.Become(slot, HnswRows.Live);
        var room = new List<int>(rows.BaseLinks);
        for (int on = 0; on <= level; on++)
        {
            foreach (int other in scratch.Chosen[on])
            {
                _linker.Connect(rows, scratch, other, slot, on, room);
            }
        }

        return slot;
    }

    /// <summary>A slot whose row has the very same numbers; −1 where there is none, or none near the front of the pool.</summary>
    private static unsafe int Same(HnswRows rows, HnswScratch scratch)
    {
        ReadOnlySpan<float> unit = scratch.Unit;
        for (int i = 0; i < Math.Min(LooksForSame, scratch.Pool.Count); i++)
        {
            int slot = scratch.Pool.Slot(i);
            if (scratch.Pool.Score(i) < NearlySame && scratch.ProbeTail.Scale > 0)
            {
                break;
            }

            if (unit.SequenceEqual(new ReadOnlySpan<float>(rows.Floats(slot), unit.Length)))
            {
                return slot;
            }
        }

        return -1;
    }

    private void AddName(HnswRows rows, int slot, long id)
    {
        lock (_linker.LockOf(slot))
        {
            long[] all = [.. rows.Others(slot).ToArray().Append(rows.Id(slot)).Append(id).Order()];
            rows.Become(slot, HnswRows.Changing);
            rows.Name(slot, all[0], all[1..]);
            rows.Become(slot, HnswRows.Live);
        }
    }
}
