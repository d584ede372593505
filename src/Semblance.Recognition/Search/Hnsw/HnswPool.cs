namespace Semblance.Recognition.Search;

/// <summary>
/// The best slots of a walk, best first, and which of them were followed already. Candidates and results of algorithm 2 in one array: what
/// falls off its end is neither.
/// </summary>
internal sealed class HnswPool
{
    // Score in the upper half, turned so that rising keys are falling scores; below it the slot, and in the last bit whether it was followed.
    private ulong[] _keys = new ulong[64];
    private int _width;
    private int _next;

    public int Count { get; private set; }

    /// <summary>A score at or below this cannot enter.</summary>
    public float Floor { get; private set; }

    public void Begin(int width)
    {
        if (_keys.Length < width)
        {
            _keys = new ulong[width];
        }

        (_width, _next, Count, Floor) = (width, 0, 0, float.NegativeInfinity);
    }

    public int Slot(int at) => (int)((uint)_keys[at] >> 1);

    public float Score(int at)
    {
        uint turned = ~(uint)(_keys[at] >> 32);
        return BitConverter.UInt32BitsToSingle((turned & 0x80000000) != 0 ? turned ^ 0x80000000 : ~turned);
    }

    /// <summary>Takes a slot in; its score is above <see cref="Floor"/>.</summary>
    public void Add(int slot, float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score);
        uint turned = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        ulong key = ((ulong)~turned << 32) | ((uint)slot << 1);
        ulong[] keys = _keys;
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        int moved = Count < _width ? Count++ - low : _width - 1 - low;
        if (moved < 0)
        {
            return;
        }

        Array.Copy(keys, low, keys, low + 1, moved);
        keys[low] = key;
        _next = Math.Min(_next, low);
        if (Count == _width)
        {
            Floor = Score(_width - 1);
        }
    }

    /// <summary>The best slot that was not followed yet, now marked as followed; −1 where all were.</summary>
    public int Next()
    {
        for (; _next < Count; _next++)
        {
            if ((_keys[_next] & 1) == 0)
            {
                _keys[_next] |= 1;
                return Slot(_next++);
            }
        }

        return -1;
    }
}
