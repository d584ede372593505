using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Recognition.Search;

/// <summary>
/// The slots that rows of a graph live in. A slot has the row's floats; its code, one byte a number with a scale, that the graph is walked
/// by; its links of the lowest level; and a version. Slots lie in chunks that never move: growing makes a new object of this class that
/// shares the chunks, so a search that holds the old one goes on, and takes no notice of slots that came later.
/// </summary>
/// <remarks>
/// A version's last two bits are a state; the others count changes. Whoever reads a slot takes its version first, and counts what was read
/// only if the version is still the same in the end (a sequence lock): neither readers nor the writer ever wait for each other, but for the
/// moment of <see cref="Changing"/>.
/// </remarks>
internal sealed unsafe class HnswRows
{
    /// <summary>No row is here, or not yet, or not any more.</summary>
    public const int Empty = 0;

    /// <summary>A row is here.</summary>
    public const int Live = 1;

    /// <summary>A row is here, whose ids are just being changed.</summary>
    public const int Changing = 2;

    /// <summary>The end of a list of links that is not full.</summary>
    public const int End = -1;

    private const int StateBits = 3;
    private const int ChunkBytes = 8 << 20;
    private const int MostPerChunk = 1 << 14;
    private const int Line = 64;

    private readonly HnswChunk[] _chunks;
    private readonly nint[] _codes;
    private readonly nint[] _links;
    private readonly nint[] _floats;
    private readonly int _shift;
    private readonly int _mask;
    private readonly int _floatStride;

    /// <summary>Room for no row.</summary>
    public HnswRows(int dimension, int links)
        : this(dimension, links, [])
    {
    }

    private HnswRows(int dimension, int links, HnswChunk[] chunks)
    {
        (Dimension, Links, _chunks) = (dimension, links, chunks);
        CodeBytes = Up(dimension, ByteRowKernel.Step);
        CodeStride = Up(CodeBytes + sizeof(CodeTail), Line);
        _floatStride = Up(dimension * sizeof(float), Line);
        BytesPerSlot = _floatStride + CodeStride + (BaseLinks * sizeof(int));
        _shift = Math.Clamp(System.Numerics.BitOperations.Log2((uint)(ChunkBytes / BytesPerSlot) | 1), 5, System.Numerics.BitOperations.Log2(MostPerChunk));
        _mask = (1 << _shift) - 1;
        long floatBytes = (long)_floatStride << _shift;
        long codeBytes = (long)CodeStride << _shift;
        _floats = [.. chunks.Select(chunk => (nint)chunk.Block.Start)];
        _codes = [.. chunks.Select(chunk => (nint)(chunk.Block.Start + floatBytes))];
        _links = [.. chunks.Select(chunk => (nint)(chunk.Block.Start + floatBytes + codeBytes))];
        Variant = SimdChoice.Best.Bytes;
    }

    public int Dimension { get; }

    /// <summary>Links on an upper level.</summary>
    public int Links { get; }

    /// <summary>Links on the lowest level.</summary>
    public int BaseLinks => 2 * Links;

    /// <summary>Bytes of a code; those past the dimension stand for zeros.</summary>
    public int CodeBytes { get; }

    public int CodeStride { get; }

    /// <summary>Native bytes of a slot.</summary>
    public int BytesPerSlot { get; }

    /// <summary>Number of slots.</summary>
    public int Capacity => _chunks.Length << _shift;

    /// <summary>How bytes are multiplied.</summary>
    public ByteProducts Variant { get; }

    /// <summary>The same slots, and more.</summary>
    public HnswRows WithRoomFor(int slots)
    {
        var chunks = new List<HnswChunk>(_chunks);
        while ((long)chunks.Count << _shift < slots)
        {
            chunks.Add(new HnswChunk(1 << _shift, BytesPerSlot));
        }

        return new HnswRows(Dimension, Links, [.. chunks]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Code(int slot) => (byte*)_codes[slot >> _shift] + ((nint)(slot & _mask) * CodeStride);

    /// <summary>What stands behind a code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CodeTail* Tail(byte* code) => (CodeTail*)(code + CodeBytes);

    public float* Floats(int slot) => (float*)((byte*)_floats[slot >> _shift] + ((nint)(slot & _mask) * _floatStride));

    /// <summary>The links of a slot on a level: filled from the front, then <see cref="End"/>. Empty where the slot is not on that level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> LinksOf(int slot, int level)
    {
        if (level == 0)
        {
            return new Span<int>((int*)_links[slot >> _shift] + ((nint)(slot & _mask) * BaseLinks), BaseLinks);
        }

        int[]? upper = Volatile.Read(ref _chunks[slot >> _shift].Upper[slot & _mask]);
        return upper is null || upper.Length < level * Links ? [] : upper.AsSpan((level - 1) * Links, Links);
    }

    /// <summary>The links of the levels above the lowest, one level after the other; null where there are none.</summary>
    public ref int[]? Upper(int slot) => ref _chunks[slot >> _shift].Upper[slot & _mask];

    public ref int Version(int slot) => ref _chunks[slot >> _shift].Versions[slot & _mask];

    public ref long Id(int slot) => ref _chunks[slot >> _shift].Ids[slot & _mask];

    /// <summary>Ids of further rows with the very same vector, in rising order.</summary>
    public ReadOnlySpan<long> Others(int slot) => _chunks[slot >> _shift].Others is { } others ? Volatile.Read(ref others[slot & _mask]) : null;

    /// <summary>Sets the ids of a slot that is <see cref="Changing"/> or <see cref="Empty"/>.</summary>
    public void Name(int slot, long id, long[] others)
    {
        Id(slot) = id;
        HnswChunk chunk = _chunks[slot >> _shift];
        if (others.Length > 0)
        {
            chunk.Others ??= new long[]?[_mask + 1];
        }

        if (chunk.Others is { } all)
        {
            Volatile.Write(ref all[slot & _mask], others.Length == 0 ? null : others);
        }
    }

    /// <summary>The level of a slot's row.</summary>
    public ref byte Level(int slot) => ref _chunks[slot >> _shift].Levels[slot & _mask];

    public static int State(int version) => version & StateBits;

    /// <summary>The version of a slot once its ids are not just being changed.</summary>
    public int SettledVersion(int slot)
    {
        var wait = default(SpinWait);
        int version;
        while (State(version = Volatile.Read(ref Version(slot))) == Changing)
        {
            wait.SpinOnce();
        }

        return version;
    }

    public bool IsLive(int slot) => State(Volatile.Read(ref Version(slot))) != Empty;

    /// <summary>Moves a slot to another state; what was written before is seen by whoever sees the new version.</summary>
    public void Become(int slot, int state)
    {
        ref int version = ref Version(slot);
        Volatile.Write(ref version, ((version | StateBits) + 1) | state);

        // What is written next must not be seen under the old version.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Writes a row into an empty slot, where nobody sees it yet.</summary>
    public void Write(int slot, long id, int level, ReadOnlySpan<float> unit)
    {
        unit.CopyTo(new Span<float>(Floats(slot), Dimension));
        Id(slot) = id;
        Level(slot) = (byte)level;
        LinksOf(slot, 0).Fill(End);
        int[]? upper = level == 0 ? null : new int[level * Links];
        upper?.AsSpan().Fill(End);
        Volatile.Write(ref Upper(slot), upper);
        byte* code = Code(slot);
        var signed = new Span<sbyte>(code, CodeBytes);
        CodeTail tail = Encode(unit, signed);
        for (int i = 0; i < signed.Length; i++)
        {
            code[i] ^= Int8Rows.Bias;
        }

        *Tail(code) = tail;
    }

    /// <summary>Makes signed bytes of a unit vector, zeros behind them.</summary>
    public static CodeTail Encode(ReadOnlySpan<float> unit, Span<sbyte> signed)
    {
        signed[unit.Length..].Clear();
        (float scale, float error) = Int8Rows.Quantize(unit, signed[..unit.Length]);
        int sum = 0;
        foreach (sbyte value in signed)
        {
            sum += value;
        }

        return new CodeTail(scale, error, sum);
    }

    /// <summary>
    /// Ends a row: first nobody may return it any more, then its numbers are overwritten by zeros. Its links stay, for it goes on as a wire
    /// (see <see cref="HnswWalk"/>) until <see cref="HnswSweep"/> has found who links to it.
    /// </summary>
    public void Erase(int slot)
    {
        Become(slot, Empty);
        byte* code = Code(slot);

        // A score that is no number tells a wire from a row, at no cost for rows.
        Tail(code)->Scale = float.NaN;
        new Span<byte>(code, CodeBytes).Clear();
        *Tail(code) = new CodeTail(float.NaN, 0, 0);
        new Span<float>(Floats(slot), Dimension).Clear();
        Id(slot) = 0;
    }

    /// <summary>Overwrites a slot that was written but never seen.</summary>
    public void Vacate(int slot)
    {
        new Span<byte>(Code(slot), CodeStride).Clear();
        new Span<float>(Floats(slot), Dimension).Clear();
        LinksOf(slot, 0).Fill(End);
        Volatile.Write(ref Upper(slot), null);
        Id(slot) = 0;
    }

    /// <summary>Starts to bring a code from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchCode(byte* code)
    {
        if (Sse.IsSupported)
        {
            for (int at = 0; at < CodeStride; at += Line)
            {
                Sse.Prefetch0(code + at);
            }
        }
    }

    /// <summary>Starts to bring the links of the lowest level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLinks(int slot)
    {
        if (Sse.IsSupported)
        {
            byte* links = (byte*)((int*)_links[slot >> _shift] + ((nint)(slot & _mask) * BaseLinks));
            for (int at = 0; at < BaseLinks * sizeof(int); at += Line)
            {
                Sse.Prefetch0(links + at);
            }
        }
    }

    /// <summary>Starts to bring the floats.</summary>
    public void PrefetchFloats(int slot)
    {
        if (Sse.IsSupported)
        {
            byte* floats = (byte*)Floats(slot);
            for (int at = 0; at < _floatStride; at += Line)
            {
                Sse.Prefetch1(floats + at);
            }
        }
    }

    private static int Up(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
