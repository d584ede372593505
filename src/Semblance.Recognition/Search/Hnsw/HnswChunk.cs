namespace Semblance.Recognition.Search;

/// <summary>Slots that were allocated together.</summary>
internal sealed class HnswChunk(int slots, int bytesPerSlot)
{
    /// <summary>Floats of all slots, then their codes, then their links of the lowest level.</summary>
    public NativeBlock Block { get; } = new((long)slots * bytesPerSlot);

    public int[] Versions { get; } = new int[slots];

    public long[] Ids { get; } = new long[slots];

    public byte[] Levels { get; } = new byte[slots];

    public int[]?[] Upper { get; } = new int[]?[slots];

    /// <summary>Ids of further rows with the very same vector, beside the first one's; made when there is the first of them.</summary>
    public long[]?[]? Others { get; set; }
}
